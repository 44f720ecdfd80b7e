"""One machine that takes of a computation only what can be sent to another."""

import pickle
from contextlib import contextmanager

from lenet98.reproduction.machines import OneMachine


class Pickled(OneMachine):
    """Threads that get each task, and give each answer, through pickle."""

    @contextmanager
    def at_work(self):
        def work(task, data, go_on):
            compute, call, arguments = pickle.loads(task)
            return pickle.loads(pickle.dumps(call(compute, data, *arguments, go_on)))

        with super().at_work() as submit:
            # All but the data, which go another way.
            yield lambda call, compute, data, *arguments: submit(
                work, pickle.dumps((compute, call, arguments)), data
            )
