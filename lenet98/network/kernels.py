"""All compiled functions: fprop, bprop, the loss, the curvature, the pass over the patterns.

They know flat vectors and a `Plan`, nothing else. In the names of App. C: a unit's weighted sum
is a, its state x = f(a), `deltas` are dE/dx and, once multiplied by the slopes, dE/da. The same
`bprop` carries second derivatives when it is given squares (eq. 25 and 27).

What passes forward may be several patterns side by side, a lane each (see `plan`); what is one
value for one pattern is then as many in a row. Derivatives go back one pattern at a time.

Constants are taken in the type of the data, ``c = x.dtype.type``: a bare Python float would drag
float32 arithmetic up to float64. ``n = n >> 4 << 4`` tells the compiler that a run has no
remainder, which frees the registers that a scalar remainder would keep.
"""

import math

import numpy as np
from numba import njit

from lenet98.network.plan import CORRELATION, INPUT, SUBSAMPLING

A = 1.7159
S = 2.0 / 3.0
"""Amplitude and slope at the origin of the squashing function (eq. 6, App. A)."""

MSE, MAP = 0, 1
"""Which loss: eq. 8 or eq. 9."""

# Neither "nnan" nor "ninf": a NaN must stay visible.
compiled = njit(
    cache=True,
    nogil=True,
    error_model="numpy",
    fastmath={"contract", "reassoc", "nsz", "arcp", "afn"},
)


# ---- units ----


@compiled
def squash(x):
    """Replace every weighted sum a by f(a) = A tanh(S a).

    In float32, tanh(2s) = 2ND / (N^2 + D^2), where N/D is Lambert's continued fraction of tanh s
    cut after 13: within 2e-7 of tanh, and the loop runs in vectors.
    Source: Sec. II-B, eq. 6; App. A.
    """
    c = x.dtype.type
    n = x.size >> 4 << 4
    if x.itemsize == 8:
        for i in range(n):
            x[i] = A * math.tanh(S * x[i])
    else:
        half = c(0.5 * S)
        largest = c(4.5)  # tanh(9) is 1 in float32
        for i in range(n):
            s = half * x[i]
            s = largest if s > largest else s
            s = -largest if s < -largest else s
            q = s * s
            num = s * (c(135135.0) + q * (c(17325.0) + q * (c(378.0) + q)))
            den = c(135135.0) + q * (c(62370.0) + q * (c(3150.0) + q * c(28.0)))
            x[i] = c(2.0 * A) * num * den / (num * num + den * den)


@compiled
def find_slopes(x, slopes):
    """Set the slopes f'(a) = S/A (A^2 - x^2) from the states x = f(a)."""
    c = x.dtype.type
    n = x.size >> 4 << 4
    for i in range(n):
        slopes[i] = c(S / A) * (c(A * A) - x[i] * x[i])


@compiled
def square(x):
    """Replace every value by its square."""
    for i in range(x.size):
        x[i] *= x[i]


@compiled
def multiply(x, factors):
    """Multiply every value of `x` by its factor."""
    n = x.size >> 4 << 4
    for i in range(n):
        x[i] *= factors[i]


# ---- convolution, one kernel for each connected pair of maps (C1, C3) ----


@compiled
def correlate(kernel, x, pitch, out, n, lanes):
    """Add to `out` the correlation of `x` with a 5x5 kernel, over a flat run of n values.

    The rows of `x` are `pitch` values apart, its columns a value a lane. All 25 weights stay in
    registers; written tap by tap the same sum takes thirty times as long.
    """
    one, two, three, four = len(lanes), 2 * len(lanes), 3 * len(lanes), 4 * len(lanes)
    a, b, c, d, e = x, x[pitch:], x[2 * pitch :], x[3 * pitch :], x[4 * pitch :]
    a0, a1, a2, a3, a4 = kernel[0], kernel[1], kernel[2], kernel[3], kernel[4]
    b0, b1, b2, b3, b4 = kernel[5], kernel[6], kernel[7], kernel[8], kernel[9]
    c0, c1, c2, c3, c4 = kernel[10], kernel[11], kernel[12], kernel[13], kernel[14]
    d0, d1, d2, d3, d4 = kernel[15], kernel[16], kernel[17], kernel[18], kernel[19]
    e0, e1, e2, e3, e4 = kernel[20], kernel[21], kernel[22], kernel[23], kernel[24]
    n = n >> 4 << 4
    for i in range(n):
        out[i] += (
            (a0 * a[i] + a1 * a[i + one] + a2 * a[i + two] + a3 * a[i + three] + a4 * a[i + four])
            + (b0 * b[i] + b1 * b[i + one] + b2 * b[i + two] + b3 * b[i + three] + b4 * b[i + four])
            + (c0 * c[i] + c1 * c[i + one] + c2 * c[i + two] + c3 * c[i + three] + c4 * c[i + four])
            + (d0 * d[i] + d1 * d[i + one] + d2 * d[i + two] + d3 * d[i + three] + d4 * d[i + four])
            + (e0 * e[i] + e1 * e[i + one] + e2 * e[i + two] + e3 * e[i + three] + e4 * e[i + four])
        )


@compiled
def find_kernel_gradient(deltas, x, pitch, gradient, n):
    """Set the gradient of a 5x5 kernel: each weight's sum over the n positions that share it.

    `deltas` begins four zeros before the first position. Moving the deltas over a row of `x`,
    not the row under the deltas, loads ten values for 25 products instead of thirty.
    """
    s0, s1, s2, s3, s4 = deltas[4:], deltas[3:], deltas[2:], deltas[1:], deltas
    x0, x1, x2, x3, x4 = x, x[pitch:], x[2 * pitch :], x[3 * pitch :], x[4 * pitch :]
    a0 = a1 = a2 = a3 = a4 = x.dtype.type(0)
    b0 = b1 = b2 = b3 = b4 = x.dtype.type(0)
    c0 = c1 = c2 = c3 = c4 = x.dtype.type(0)
    d0 = d1 = d2 = d3 = d4 = x.dtype.type(0)
    e0 = e1 = e2 = e3 = e4 = x.dtype.type(0)
    n = n >> 4 << 4
    for i in range(n):
        a0 += s0[i] * x0[i]
        a1 += s1[i] * x0[i]
        a2 += s2[i] * x0[i]
        a3 += s3[i] * x0[i]
        a4 += s4[i] * x0[i]
        b0 += s0[i] * x1[i]
        b1 += s1[i] * x1[i]
        b2 += s2[i] * x1[i]
        b3 += s3[i] * x1[i]
        b4 += s4[i] * x1[i]
        c0 += s0[i] * x2[i]
        c1 += s1[i] * x2[i]
        c2 += s2[i] * x2[i]
        c3 += s3[i] * x2[i]
        c4 += s4[i] * x2[i]
        d0 += s0[i] * x3[i]
        d1 += s1[i] * x3[i]
        d2 += s2[i] * x3[i]
        d3 += s3[i] * x3[i]
        d4 += s4[i] * x3[i]
        e0 += s0[i] * x4[i]
        e1 += s1[i] * x4[i]
        e2 += s2[i] * x4[i]
        e3 += s3[i] * x4[i]
        e4 += s4[i] * x4[i]
    gradient[0], gradient[1], gradient[2], gradient[3], gradient[4] = a0, a1, a2, a3, a4
    gradient[5], gradient[6], gradient[7], gradient[8], gradient[9] = b0, b1, b2, b3, b4
    gradient[10], gradient[11], gradient[12], gradient[13], gradient[14] = c0, c1, c2, c3, c4
    gradient[15], gradient[16], gradient[17], gradient[18], gradient[19] = d0, d1, d2, d3, d4
    gradient[20], gradient[21], gradient[22], gradient[23], gradient[24] = e0, e1, e2, e3, e4


@compiled
def fprop_correlation(here, below, plan, parameters, states):
    """Set the weighted sums of a convolutional layer. Source: Sec. II-A, Table I."""
    taps = here.side * here.side
    for m in range(here.maps):
        at = here.at + m * here.stride
        states[at : at + here.runs * here.run] = parameters[here.biases_at + m]
    for p in range(here.pairs):
        source, target = plan.pairs[here.pairs_at + p]
        at = here.weights_at + p * taps
        kernel = parameters[at : at + taps]
        for r in range(here.runs):
            correlate(
                kernel,
                states[below.at + source * below.stride + r * below.pitch :],
                below.pitch,
                states[here.at + target * here.stride + r * here.pitch :],
                here.run,
                plan.lanes,
            )


@compiled
def bprop_correlation(here, below, plan, parameters, space, steps, target):
    """Carry dE/da of a convolutional layer to its parameters and to the states below."""
    taps = here.side * here.side
    reach = (here.side - 1) * (here.pitch + 1)
    for m in range(here.maps):
        at = here.at + m * here.stride
        target[here.biases_at + m] += (
            steps[here.biases_at + m] * space.deltas[at : at + here.run].sum()
        )
    for p in range(here.pairs):
        source, to = plan.pairs[here.pairs_at + p]
        weights_at = here.weights_at + p * taps
        below_at = below.at + source * below.stride
        here_at = here.at + to * here.stride
        if below.form != INPUT:  # which has no use for derivatives
            correlate(
                parameters[weights_at : weights_at + taps][::-1],
                space.deltas[here_at - reach :],
                here.pitch,
                space.deltas[below_at:],
                below.run,
                plan.lanes,
            )
        find_kernel_gradient(
            space.deltas[here_at - (here.side - 1) :],
            space.states[below_at:],
            here.pitch,
            space.kernel_gradients[p * taps :],
            here.run,
        )
    for k in range(here.pairs * taps):
        target[here.weights_at + k] += steps[here.weights_at + k] * space.kernel_gradients[k]


# ---- subsampling (S2, S4) ----


@compiled
def fprop_subsampling(here, below, plan, parameters, states):
    """Set the weighted sums: four inputs added, times a trainable coefficient, plus a bias.

    Source: Sec. II-B.
    """
    lanes = len(plan.lanes)
    for m in range(here.maps):
        coefficient = parameters[here.weights_at + m]
        bias = parameters[here.biases_at + m]
        below_at = below.at + plan.pairs[here.pairs_at + m, 0] * below.stride
        for row in range(here.height):
            upper = states[below_at + 2 * row * below.pitch :]
            lower = upper[below.pitch :]
            right_upper, right_lower = upper[lanes:], lower[lanes:]
            out = states[here.at + m * here.stride + row * here.pitch :]
            for i in range(here.width):
                for lane in range(lanes):
                    k = 2 * i * lanes + lane
                    four = (upper[k] + right_upper[k]) + (lower[k] + right_lower[k])
                    out[i * lanes + lane] = coefficient * four + bias


@compiled
def bprop_subsampling(here, below, plan, parameters, space, steps, target):
    """Carry dE/da of a subsampling layer to its parameters and to the states below."""
    for m in range(here.maps):
        coefficient = parameters[here.weights_at + m]
        below_at = below.at + plan.pairs[here.pairs_at + m, 0] * below.stride
        coefficient_gradient = bias_gradient = space.states.dtype.type(0)
        for row in range(here.height):
            upper_at = below_at + 2 * row * below.pitch
            upper, lower = space.states[upper_at:], space.states[upper_at + below.pitch :]
            upper_deltas = space.deltas[upper_at:]
            lower_deltas = upper_deltas[below.pitch :]
            deltas = space.deltas[here.at + m * here.stride + row * here.pitch :]
            for i in range(here.width):
                four = (upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1])
                coefficient_gradient += deltas[i] * four
                bias_gradient += deltas[i]
            for i in range(here.width):
                back = coefficient * deltas[i]
                upper_deltas[2 * i] += back
                upper_deltas[2 * i + 1] += back
                lower_deltas[2 * i] += back
                lower_deltas[2 * i + 1] += back
        target[here.weights_at + m] += steps[here.weights_at + m] * coefficient_gradient
        target[here.biases_at + m] += steps[here.biases_at + m] * bias_gradient


# ---- layers that see all maps and rows below (C5, F6, OUTPUT) ----


@compiled
def gather_windows(here, below, plan, column, space):
    """Copy what the units of one column see into one run a lane: map by map, row by row."""
    lanes = len(plan.lanes)
    for lane in range(lanes):
        window = space.windows[lane]
        k = 0
        for m in range(below.maps):
            for row in range(below.height):
                at = below.at + m * below.stride + row * below.pitch + column * lanes + lane
                for i in range(here.side):
                    window[k] = space.states[at + i * lanes]
                    k += 1


@compiled
def scatter_window(here, below, window, column, states):
    """Add a run as `gather_windows` makes it to where it came from; windows overlap."""
    k = 0
    for m in range(below.maps):
        for row in range(below.height):
            at = below.at + m * below.stride + row * below.pitch + column
            for i in range(here.side):
                states[at + i] += window[k]
                k += 1


@compiled
def fprop_dense(here, below, plan, parameters, space):
    """Set the weighted sums of a layer that sees all maps below. Source: Sec. II-B, C5 and F6.

    Two units go together, for they share every load of their inputs; of an odd number the last
    goes with itself.
    """
    lanes = len(plan.lanes)
    for column in range(here.width):
        gather_windows(here, below, plan, column, space)
        for m in range(0, here.maps, 2):
            other = min(m + 1, here.maps - 1)
            weights = parameters[here.weights_at + m * here.fan_in :]
            others = parameters[here.weights_at + other * here.fan_in :]
            for lane in range(lanes):
                window = space.windows[lane]
                a = parameters[here.biases_at + m]
                b = parameters[here.biases_at + other]
                for i in range(here.fan_in):
                    a += weights[i] * window[i]
                    b += others[i] * window[i]
                at = here.at + column * lanes + lane
                space.states[at + m * here.stride] = a
                space.states[at + other * here.stride] = b


@compiled
def bprop_dense(here, below, plan, parameters, space, steps, target):
    """Carry dE/da of such a layer to its parameters and to the states below."""
    window, window_delta = space.windows[0], space.window_delta
    for column in range(here.width):
        gather_windows(here, below, plan, column, space)
        window_delta[: here.fan_in] = 0
        for m in range(here.maps):
            at = here.weights_at + m * here.fan_in
            delta = space.deltas[here.at + m * here.stride + column]
            weights, weight_steps, weight_target = parameters[at:], steps[at:], target[at:]
            # Two loops, for the target may be the parameters themselves.
            for i in range(here.fan_in):
                window_delta[i] += delta * weights[i]
            for i in range(here.fan_in):
                weight_target[i] += weight_steps[i] * (delta * window[i])
            target[here.biases_at + m] += steps[here.biases_at + m] * delta
        scatter_window(here, below, window_delta, column, space.deltas)


@compiled
def find_penalties(here, below, plan, centres, space):
    """Set the penalties y_i = sum_j (x_j - w_ij)^2. Source: Sec. II-B, eq. 7."""
    lanes = len(plan.lanes)
    for column in range(here.width):
        gather_windows(here, below, plan, column, space)
        for m in range(here.maps):
            for lane in range(lanes):
                y = space.states.dtype.type(0)
                for j in range(here.fan_in):
                    distance = space.windows[lane, j] - centres[m, j]
                    y += distance * distance
                space.states[here.at + m * here.stride + column * lanes + lane] = y


# ---- the network ----


@compiled
def fprop(plan, parameters, centres, space):
    """Pass one pattern forward, from the input's states to the penalties."""
    last = plan.layers.size - 1
    for l in range(1, last):  # noqa: E741
        here, below = plan.layers[l], plan.layers[l - 1]
        if here.form == CORRELATION:
            fprop_correlation(here, below, plan, parameters, space.states)
        elif here.form == SUBSAMPLING:
            fprop_subsampling(here, below, plan, parameters, space.states)
        else:
            fprop_dense(here, below, plan, parameters, space)
        squash(space.states[here.at : here.at + here.extent])
    find_penalties(plan.layers[last], plan.layers[last - 1], plan, centres, space)


@compiled
def bprop(plan, parameters, space, steps, target):
    """Pass derivatives back from the states below the output; add steps x gradient to `target`.

    With the steps at -eps_k (eq. 21) and the parameters as target, this is the update of App. C;
    with steps of 1 the target gathers the gradient itself.
    """
    for l in range(plan.layers.size - 2, 0, -1):  # noqa: E741
        here, below = plan.layers[l], plan.layers[l - 1]
        end = here.at + here.extent
        multiply(space.deltas[here.at : end], space.slopes[here.at : end])
        if here.form == CORRELATION:
            bprop_correlation(here, below, plan, parameters, space, steps, target)
        elif here.form == SUBSAMPLING:
            bprop_subsampling(here, below, plan, parameters, space, steps, target)
        else:
            bprop_dense(here, below, plan, parameters, space, steps, target)


@compiled
def find_loss(penalties, desired, loss, j, scale, penalty_deltas):
    """Return the loss E of one pattern and set dE/dy_i.

    `scale` multiplies the penalties: 1 as printed, 1/2 as in the authors' later code.
    Source: Sec. II-C, eq. 8 (MSE) and eq. 9 (MAP).
    """
    if loss == MSE:
        penalty_deltas[:] = 0.0
        penalty_deltas[desired] = scale
        return scale * np.float64(penalties[desired])
    least = j
    for i in range(penalties.size):
        least = min(least, scale * penalties[i])
    total = math.exp(least - j)
    for i in range(penalties.size):
        penalty_deltas[i] = math.exp(least - scale * penalties[i])
        total += penalty_deltas[i]
    for i in range(penalties.size):
        penalty_deltas[i] *= -scale / total
    penalty_deltas[desired] += scale
    return scale * penalties[desired] - least + math.log(total)


@compiled
def seed_deltas(here, below, centres, space):
    """Set dE/dx of the units below the output: dE/dx_j = sum_i dE/dy_i 2 (x_j - w_ij)."""
    c = space.deltas.dtype.type
    space.deltas[:] = 0
    for i in range(here.maps):
        factor = c(2.0 * space.penalty_deltas[i])
        for j in range(below.maps):
            at = below.at + j * below.stride
            space.deltas[at] += factor * (space.states[at] - centres[i, j])


@compiled
def classify_state(output, states):
    """Return the class of the least penalty."""
    answer = 0
    for i in range(1, output.maps):
        if states[output.at + i * output.stride] < states[output.at + answer * output.stride]:
            answer = i
    return answer


# ---- over the patterns ----


@compiled
def present(plan, patterns, p, states):
    """Set the input's states to patterns p, p + 1, ..., a lane each; past the last, to the last."""
    lanes = len(plan.lanes)
    first = plan.layers[0]
    for lane in range(lanes):
        own = min(p + lane, patterns.shape[0] - 1)
        for i in range(patterns.shape[1]):
            states[first.at + i * lanes + lane] = patterns[own, i]


@compiled
def penalties_of(plan, parameters, centres, patterns, space, out):
    """Set out[p, i, column] to the penalties of each pattern, as many at a time as lanes."""
    last = plan.layers[plan.layers.size - 1]
    lanes = len(plan.lanes)
    for p in range(0, patterns.shape[0], lanes):
        present(plan, patterns, p, space.states)
        fprop(plan, parameters, centres, space)
        for lane in range(min(lanes, patterns.shape[0] - p)):
            for i in range(last.maps):
                for column in range(last.width):
                    at = last.at + i * last.stride + column * lanes + lane
                    out[p + lane, i, column] = space.states[at]


@compiled
def descend(plan, parameters, centres, patterns, labels, loss, j, scale, space, steps, target):
    """Pass the patterns one after the other, each forward and back (Sec. III-B, App. C).

    Returns
    -------
    total : float
        The sum of the losses.
    misclassified : int
        Patterns answered wrongly, each before its own update.
    passed : int
        Patterns passed: fewer than given when a loss was not finite.
    """
    last = plan.layers[plan.layers.size - 1]
    total, misclassified = 0.0, 0
    for p in range(patterns.shape[0]):
        present(plan, patterns, p, space.states)
        fprop(plan, parameters, centres, space)
        penalties = space.states[last.at : last.at + last.maps]
        energy = find_loss(penalties, labels[p], loss, j, scale, space.penalty_deltas)
        if not math.isfinite(energy):
            return total, misclassified, p
        total += energy
        misclassified += classify_state(last, space.states) != labels[p]
        seed_deltas(last, plan.layers[plan.layers.size - 2], centres, space)
        find_slopes(space.states, space.slopes)
        bprop(plan, parameters, space, steps, target)
    return total, misclassified, patterns.shape[0]


@compiled
def add_curvature(plan, parameters, squares, centres, patterns, scale, space, ones, curvature):
    """Add each pattern's diagonal second derivatives to `curvature`, Gauss-Newton form.

    It is the gradient's way with squared weights, squared states and squared slopes. The seed is
    that of eq. 8, d2E/dx2 = 2 scale; for eq. 9 too, whose own second derivative can be negative.
    Source: App. C, eq. 23 to 27.
    """
    below = plan.layers[plan.layers.size - 2]
    for p in range(patterns.shape[0]):
        present(plan, patterns, p, space.states)
        fprop(plan, parameters, centres, space)
        find_slopes(space.states, space.slopes)
        square(space.slopes)
        square(space.states)
        space.deltas[:] = 0
        space.deltas[below.at : below.at + below.maps * below.stride] = 2 * scale
        bprop(plan, squares, space, ones, curvature)
