"""All compiled layers: fprop, bprop, the loss, the curvature, the pass over the patterns.

They know flat vectors and the tuples of `plan`, and nothing else. In the names of App. C: a unit's
weighted sum is a, its state x = f(a), `deltas` are dE/dx and, once multiplied by the slopes,
dE/da. The same `bprop` carries second derivatives when it is given squares (eq. 25 and 27).

What passes forward may be several patterns side by side, a lane each (see `plan`); what is one
value for one pattern is then as many in a row. Derivatives go back one pattern at a time.

Two target maps of a convolution go together, for they share every load of their source; one row
of the two kernels at a time, for ten weights, or ten sums, fit into sixteen vector registers, and
fifty do not. ``n = n >> 4 << 4`` tells the compiler that a run has no remainder. Constants are
taken in the type of the data, ``c = x.dtype.type``: a bare Python float would drag float32
arithmetic up to float64. Constants of other modules are not read: numba freezes them into its
cache, and only looks at this file to see whether the cache still holds.
"""

import math

import numpy as np

from lenet98.storage.cache import cached_njit

A = 1.7159
S = 2.0 / 3.0
"""Amplitude and slope at the origin of the squashing function (eq. 6, App. A)."""

INPUT, CONVOLUTION, SUBSAMPLING, DENSE, RBF = range(5)
"""How a layer is computed. DENSE layers see all maps and all rows below, as C5 and F6 do."""

BLOCK = 16
"""Runs are multiples of this many values, one 64-byte vector of float32."""

LANES = 32
"""Patterns side by side where many only pass forward: two 64-byte vectors of float32."""

ONE_LANE, ALL_LANES = (1,), (1,) * LANES
"""As long as there are lanes: numba knows a length when it compiles, and compiles for each."""

MSE, MAP = 0, 1
"""Which loss: eq. 8 or eq. 9."""

DESCENT, GRADIENT, CURVATURE = range(3)
"""What `bprop` is for: an update in place, the sum of gradients, the sum of second derivatives."""


def _compiled(**options):
    return cached_njit(
        nogil=True,
        error_model="numpy",
        # Neither "nnan" nor "ninf": a NaN must stay visible.
        fastmath={"contract", "reassoc", "nsz", "arcp", "afn"},
        **options,
    )


compiled, inlined = _compiled(), _compiled(inline="always")


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
def multiply_by_slopes(deltas, x):
    """Multiply dE/dx by the slope f'(a) = S/A (A^2 - x^2), x = f(a), of each unit."""
    c = x.dtype.type
    n = x.size >> 4 << 4
    for i in range(n):
        deltas[i] *= c(S / A) * (c(A * A) - x[i] * x[i])


@compiled
def multiply_by_squared_slopes(deltas, squares):
    """Multiply second derivatives by f'(a)^2, from the squares of the states (eq. 27)."""
    c = squares.dtype.type
    n = squares.size >> 4 << 4
    for i in range(n):
        slope = c(S / A) * (c(A * A) - squares[i])
        deltas[i] *= slope * slope


@compiled
def square(x):
    """Replace every value by its square."""
    for i in range(x.size):
        x[i] *= x[i]


@compiled
def add_products(steps, gradient, result, n):
    """Add n steps x gradient to `result`."""
    for k in range(n):
        result[k] += steps[k] * gradient[k]


# ---- convolution, one kernel for each connected pair of maps (C1, C3) ----


@compiled
def correlate(kernel, other_kernel, side, x, pitch, out, other, n, side_by_side):
    """Add to `out` and to `other` the correlation of `x` with a kernel each, over n values.

    The rows of `x` are `pitch` values apart, its columns a value a lane. What both use is read
    into names first: after a store to `out` it would have to be read again.
    """
    one = len(side_by_side)  # known when compiled, which a plain number would not be
    two, three, four = 2 * one, 3 * one, 4 * one
    n = n >> 4 << 4
    if side == 5:
        for r in range(5):
            v, w, row = kernel[5 * r :], other_kernel[5 * r :], x[r * pitch :]
            v0, v1, v2, v3, v4 = v[0], v[1], v[2], v[3], v[4]
            w0, w1, w2, w3, w4 = w[0], w[1], w[2], w[3], w[4]
            for i in range(n):
                a, b, c, d, e = row[i], row[i + one], row[i + two], row[i + three], row[i + four]
                out[i] += v0 * a + v1 * b + v2 * c + v3 * d + v4 * e
                other[i] += w0 * a + w1 * b + w2 * c + w3 * d + w4 * e
        return
    for k in range(side * side):
        v, w, moved = kernel[k], other_kernel[k], x[k // side * pitch + k % side * one :]
        for i in range(n):
            a = moved[i]
            out[i] += v * a
            other[i] += w * a


@compiled
def correlate_back(kernel, other_kernel, side, deltas, other_deltas, pitch, out, n):
    """Add to `out`, whose rows are `pitch` apart, what the deltas of two maps carry back to it.

    The deltas begin side - 1 zeros before the first position.
    """
    d, e = deltas, other_deltas
    n = n >> 4 << 4
    if side == 5:
        for r in range(5):
            v, w, row = kernel[5 * r :], other_kernel[5 * r :], out[r * pitch :]
            v0, v1, v2, v3, v4 = v[0], v[1], v[2], v[3], v[4]
            w0, w1, w2, w3, w4 = w[0], w[1], w[2], w[3], w[4]
            for i in range(n):
                row[i] += (
                    v4 * d[i] + v3 * d[i + 1] + v2 * d[i + 2] + v1 * d[i + 3] + v0 * d[i + 4]
                ) + (w4 * e[i] + w3 * e[i + 1] + w2 * e[i + 2] + w1 * e[i + 3] + w0 * e[i + 4])
        return
    for k in range(side * side):
        v, w, row = kernel[k], other_kernel[k], out[k // side * pitch :]
        first = side - 1 - k % side
        moved, others_moved = d[first:], e[first:]
        for i in range(n):
            row[i] += v * moved[i] + w * others_moved[i]


@compiled
def find_kernel_gradients(deltas, other_deltas, side, x, pitch, gradient, other_gradient, n):
    """Set the gradients of two kernels: each weight's sum over the n positions that share it."""
    n = n >> 4 << 4
    if side == 5:
        for r in range(5):
            row = x[r * pitch :]
            a0 = a1 = a2 = a3 = a4 = x.dtype.type(0)
            b0 = b1 = b2 = b3 = b4 = x.dtype.type(0)
            for i in range(n):
                d, e = deltas[i], other_deltas[i]
                a0 += d * row[i]
                a1 += d * row[i + 1]
                a2 += d * row[i + 2]
                a3 += d * row[i + 3]
                a4 += d * row[i + 4]
                b0 += e * row[i]
                b1 += e * row[i + 1]
                b2 += e * row[i + 2]
                b3 += e * row[i + 3]
                b4 += e * row[i + 4]
            a, b = gradient[5 * r :], other_gradient[5 * r :]
            a[0], a[1], a[2], a[3], a[4] = a0, a1, a2, a3, a4
            b[0], b[1], b[2], b[3], b[4] = b0, b1, b2, b3, b4
        return
    for k in range(side * side):
        moved = x[k // side * pitch + k % side :]
        a = b = x.dtype.type(0)
        for i in range(n):
            a += deltas[i] * moved[i]
            b += other_deltas[i] * moved[i]
        gradient[k], other_gradient[k] = a, b


@compiled
def fprop_convolution(here, below, plan, parameters, space):
    """Set the weighted sums of a convolutional layer. Source: Sec. II-A, Table I."""
    side, taps, runs, run = here.side, here.side * here.side, here.runs, here.run
    pitch, stride, below_pitch, below_stride = here.pitch, here.stride, below.pitch, below.stride
    inputs, sums = space.states[below.at :], space.states[here.at :]
    kernels = parameters[here.weights_at :]
    for m in range(here.maps):
        sums[m * stride : (m + 1) * stride] = parameters[here.biases_at + m]
    for g in range(here.groups_at, here.groups_at + here.groups):
        source, target, kernel, other_target, other_kernel = plan.groups[g]
        x, out, other = inputs[source * below_stride :], sums[target * stride :], space.spare
        if other_target >= 0:
            other = sums[other_target * stride :]
        v, w = kernels[kernel * taps :], kernels[other_kernel * taps :]
        for r in range(runs):
            row, own, others = x[r * below_pitch :], out[r * pitch :], other[r * pitch :]
            if plan.lanes == 1:
                correlate(v, w, side, row, below_pitch, own, others, run, ONE_LANE)
            else:
                correlate(v, w, side, row, below_pitch, own, others, run, ALL_LANES)


@compiled
def bprop_convolution(here, below, plan, way, space):
    """Carry dE/da of a convolutional layer to its parameters and to the states below."""
    side, taps, run, before = here.side, here.side * here.side, here.run, here.side - 1
    pitch, stride, below_stride = here.pitch, here.stride, below.stride
    # The deltas begin as many zeros before the first position as a kernel reaches.
    deltas, below_deltas = space.deltas[here.at - before :], space.deltas[below.at :]
    inputs, kernels, gradients = (
        space.states[below.at :],
        way.weights[here.weights_at :],
        space.kernel_gradients,
    )
    carries = below.form != INPUT  # which has no use for derivatives
    for m in range(here.maps):
        own = deltas[before + m * stride :]
        gradient = own.dtype.type(0)
        for i in range(run):
            gradient += own[i]
        way.result[here.biases_at + m] += way.steps[here.biases_at + m] * gradient
    space.spare[:] = 0
    for g in range(here.groups_at, here.groups_at + here.groups):
        source, target, kernel, other_target, other_kernel = plan.groups[g]
        d, x = deltas[target * stride :], inputs[source * below_stride :]
        # The gradient of a map that is not there goes behind those of the layer.
        e, other_gradient = space.spare, gradients[here.pairs * taps :]
        if other_target >= 0:
            e, other_gradient = deltas[other_target * stride :], gradients[other_kernel * taps :]
        if carries:
            v, w = kernels[kernel * taps :], kernels[other_kernel * taps :]
            correlate_back(v, w, side, d, e, pitch, below_deltas[source * below_stride :], run)
        gradient = gradients[kernel * taps :]
        find_kernel_gradients(d[before:], e[before:], side, x, pitch, gradient, other_gradient, run)
    at = here.weights_at
    add_products(way.steps[at:], gradients, way.result[at:], here.pairs * taps)


# ---- subsampling (S2, S4) ----


@compiled
def add_fours(x, pitch, lanes, sums, sums_pitch, height, width):
    """Set each value of a map to the sum of the two by two below it.

    In one lane whole vectors are written: what is too much in a row, the next row overwrites.
    """
    for row in range(height):
        upper, out = x[2 * row * pitch :], sums[row * sums_pitch :]
        lower = upper[pitch:]
        if lanes == 1:
            n = (width + 7) >> 3 << 3
            for i in range(n):
                out[i] = (upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1])
        else:
            n = lanes >> 4 << 4
            for _ in range(width):
                right_upper, right_lower = upper[lanes:], lower[lanes:]
                for i in range(n):
                    out[i] = (upper[i] + right_upper[i]) + (lower[i] + right_lower[i])
                upper, lower, out = right_upper[lanes:], right_lower[lanes:], out[lanes:]


@compiled
def fprop_subsampling(here, below, plan, parameters, space):
    """Set the weighted sums: four inputs added, times a trainable coefficient, plus a bias.

    Source: Sec. II-B.
    """
    n = here.stride >> 4 << 4
    for m in range(here.maps):
        x = space.states[below.at + plan.pairs[here.pairs_at + m, 0] * below.stride :]
        sums = space.states[here.at + m * here.stride :]
        add_fours(x, below.pitch, plan.lanes, sums, here.pitch, here.height, here.width)
        coefficient, bias = parameters[here.weights_at + m], parameters[here.biases_at + m]
        for i in range(n):
            sums[i] = coefficient * sums[i] + bias


@compiled
def coefficient_curvature(deltas, pitch, x, below_pitch, height, width, four_connections):
    """Return the second derivative for the coefficient of one map, from the states below.

    By the paper's count a unit has four connections, and eq. 23 the sum of four squares; the
    authors' later code has the square of the sum of four.
    """
    total = deltas.dtype.type(0)
    for row in range(height):
        own, upper = deltas[row * pitch :], x[2 * row * below_pitch :]
        lower = upper[below_pitch:]
        for i in range(width):
            a, b, c, d = upper[2 * i], upper[2 * i + 1], lower[2 * i], lower[2 * i + 1]
            four = (a + b) + (c + d)
            squares = (a * a + b * b) + (c * c + d * d)
            total += own[i] * (squares if four_connections else four * four)
    return total


@compiled
def bprop_subsampling(here, below, plan, way, space):
    """Carry dE/da of a subsampling layer to its parameters and to the states below.

    The states below are not yet squares when second derivatives go back.
    """
    height, width, pitch, below_pitch = here.height, here.width, here.pitch, below.pitch
    for m in range(here.maps):
        at, bias_at = here.weights_at + m, here.biases_at + m
        coefficient = way.weights[at]
        below_at = below.at + plan.pairs[here.pairs_at + m, 0] * below.stride
        x, below_deltas = space.states[below_at:], space.deltas[below_at:]
        deltas = space.deltas[here.at + m * here.stride :]
        coefficient_gradient = bias_gradient = x.dtype.type(0)
        for row in range(height):
            own = deltas[row * pitch :]
            upper, upper_deltas = x[2 * row * below_pitch :], below_deltas[2 * row * below_pitch :]
            lower, lower_deltas = upper[below_pitch:], upper_deltas[below_pitch:]
            for i in range(width):
                four = (upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1])
                coefficient_gradient += own[i] * four
                bias_gradient += own[i]
            for i in range(width):
                back = coefficient * own[i]
                upper_deltas[2 * i] += back
                upper_deltas[2 * i + 1] += back
                lower_deltas[2 * i] += back
                lower_deltas[2 * i + 1] += back
        # By a loop of its own, for a branch within the one above costs a step some five percent.
        if way.aim == CURVATURE:
            coefficient_gradient = coefficient_curvature(
                deltas, pitch, x, below_pitch, height, width, way.four_connections
            )
        way.result[at] += way.steps[at] * coefficient_gradient
        way.result[bias_at] += way.steps[bias_at] * bias_gradient


# ---- layers that see all maps and rows below (C5, F6, OUTPUT) ----


@compiled
def window_runs(here, below, lanes):
    """Return what a window is made of: maps, runs in each, values in a run."""
    maps, runs, values = below.maps, below.height, here.side
    if below.pitch == values * lanes:  # one row follows the other
        runs, values = 1, values * runs
        if below.stride == values * lanes:  # and one map the other
            maps, values = 1, values * maps
    return maps, runs, values


@compiled
def gather_windows(here, below, lanes, column, space):
    """Copy what the units of one column see into one run a lane: map by map, row by row."""
    maps, runs, values = window_runs(here, below, lanes)
    stride, pitch = below.stride, below.pitch
    for lane in range(lanes):
        window, first = space.windows[lane], below.at + column * lanes + lane
        for m in range(maps):
            for run in range(runs):
                part = window[(m * runs + run) * values :]
                states = space.states[first + m * stride + run * pitch :]
                for i in range(values):
                    part[i] = states[i * lanes]


@compiled
def scatter_window(here, below, window, column, deltas):
    """Add a run as `gather_windows` makes it to where it came from; windows overlap."""
    maps, runs, values = window_runs(here, below, 1)
    for m in range(maps):
        for run in range(runs):
            part = window[(m * runs + run) * values :]
            out = deltas[below.at + column + m * below.stride + run * below.pitch :]
            for i in range(values):
                out[i] += part[i]


@compiled
def fprop_dense(here, below, plan, parameters, space):
    """Set the weighted sums of a layer that sees all maps below. Source: Sec. II-B, C5 and F6.

    Four units go together, for they share every load of their inputs; where fewer are left, the
    last is computed again.
    """
    lanes, fan_in, last = plan.lanes, here.fan_in, here.maps - 1
    for column in range(here.width):
        gather_windows(here, below, lanes, column, space)
        for m in range(0, here.maps, 4):
            ma, mb, mc, md = m, min(m + 1, last), min(m + 2, last), min(m + 3, last)
            wa = parameters[here.weights_at + ma * fan_in :]
            wb = parameters[here.weights_at + mb * fan_in :]
            wc = parameters[here.weights_at + mc * fan_in :]
            wd = parameters[here.weights_at + md * fan_in :]
            for lane in range(lanes):
                window = space.windows[lane]
                a, b = parameters[here.biases_at + ma], parameters[here.biases_at + mb]
                c, d = parameters[here.biases_at + mc], parameters[here.biases_at + md]
                for i in range(fan_in):
                    a += wa[i] * window[i]
                    b += wb[i] * window[i]
                    c += wc[i] * window[i]
                    d += wd[i] * window[i]
                out = space.states[here.at + column * lanes + lane :]
                out[ma * here.stride], out[mb * here.stride] = a, b
                out[mc * here.stride], out[md * here.stride] = c, d


@compiled
def update_units(weights, steps, deltas, stride, window, window_delta, fan_in, units):
    """Carry dE/da of the units back through their weights and update these, in one sweep.

    Two units go together; the weights are read before they are written.
    """
    for m in range(0, units, 2):
        delta, other_delta = deltas[m * stride], deltas[(m + 1) * stride]
        own, others = weights[m * fan_in :], weights[(m + 1) * fan_in :]
        own_steps, other_steps = steps[m * fan_in :], steps[(m + 1) * fan_in :]
        for i in range(fan_in):
            x, v, w = window[i], own[i], others[i]
            window_delta[i] += delta * v + other_delta * w
            own[i] = v + own_steps[i] * (delta * x)
            others[i] = w + other_steps[i] * (other_delta * x)


@compiled
def gather_units(weights, result, deltas, stride, window, window_delta, fan_in, units):
    """Carry dE/da of the units back through their weights, and add their gradients to `result`."""
    for m in range(0, units, 2):
        delta, other_delta = deltas[m * stride], deltas[(m + 1) * stride]
        v, w = weights[m * fan_in :], weights[(m + 1) * fan_in :]
        own, others = result[m * fan_in :], result[(m + 1) * fan_in :]
        for i in range(fan_in):
            x = window[i]
            window_delta[i] += delta * v[i] + other_delta * w[i]
            own[i] += delta * x
            others[i] += other_delta * x


@compiled
def bprop_dense(here, below, plan, way, space):
    """Carry dE/da of such a layer to its parameters and to the states below."""
    at, bias_at, stride, even = here.weights_at, here.biases_at, here.stride, here.maps & ~1
    window, window_delta, fan_in = space.windows[0], space.window_delta, here.fan_in
    weights, steps, result = way.weights[at:], way.steps[at:], way.result[at:]
    for column in range(here.width):
        gather_windows(here, below, plan.lanes, column, space)
        deltas = space.deltas[here.at + column :]
        window_delta[:fan_in] = 0
        if way.aim == DESCENT:
            update_units(result, steps, deltas, stride, window, window_delta, fan_in, even)
        else:
            gather_units(weights, result, deltas, stride, window, window_delta, fan_in, even)
        for m in range(even, here.maps):
            delta, row = deltas[m * stride], m * fan_in
            for i in range(fan_in):
                window_delta[i] += delta * weights[row + i]
            for i in range(fan_in):
                result[row + i] += steps[row + i] * (delta * window[i])
        for m in range(here.maps):
            way.result[bias_at + m] += way.steps[bias_at + m] * deltas[m * stride]
        scatter_window(here, below, window_delta, column, space.deltas)


@compiled
def find_penalties(here, below, plan, space):
    """Set the penalties y_i = sum_j (x_j - w_ij)^2. Source: Sec. II-B, eq. 7."""
    lanes, fan_in = plan.lanes, here.fan_in
    for column in range(here.width):
        gather_windows(here, below, lanes, column, space)
        for m in range(here.maps):
            centre = plan.centres[m]
            for lane in range(lanes):
                window = space.windows[lane]
                y = window.dtype.type(0)
                for j in range(fan_in):
                    distance = window[j] - centre[j]
                    y += distance * distance
                space.states[here.at + m * here.stride + column * lanes + lane] = y


@compiled
def bprop_penalties(here, below, plan, space):
    """Set dE/dx below the output: dE/dx_j = sum_i dE/dy_i 2 (x_j - w_ij), column by column."""
    c = space.deltas.dtype.type
    window, window_delta, fan_in = space.windows[0], space.window_delta, here.fan_in
    for column in range(here.width):
        gather_windows(here, below, plan.lanes, column, space)
        window_delta[:fan_in] = 0
        for m in range(here.maps):
            factor, centre = c(2.0 * space.penalty_deltas[column, m]), plan.centres[m]
            for j in range(fan_in):
                window_delta[j] += factor * (window[j] - centre[j])
        scatter_window(here, below, window_delta, column, space.deltas)


# ---- the network: inlined, for a second pass of the compiler over all of it takes seconds ----


@inlined
def fprop(plan, parameters, space):
    """Pass what was presented forward, from the input's states to the penalties."""
    last = plan.layers.size - 1
    for l in range(1, last):  # noqa: E741
        here, below = plan.layers[l], plan.layers[l - 1]
        if here.form == CONVOLUTION:
            fprop_convolution(here, below, plan, parameters, space)
        elif here.form == SUBSAMPLING:
            fprop_subsampling(here, below, plan, parameters, space)
        else:
            fprop_dense(here, below, plan, parameters, space)
        squash(space.states[here.at : here.at + here.extent])
    find_penalties(plan.layers[last], plan.layers[last - 1], plan, space)


@inlined
def bprop(plan, way, space):
    """Pass derivatives back from the states below the output, and add them to the way's result.

    On the way of DESCENT the steps are -eps_k (eq. 21) and the result is the parameters: the
    update of App. C. On the others the steps are 1 and the result gathers the derivatives; on that
    of CURVATURE weights and states are squares (eq. 25 and 27): the states of the top layer when it
    begins, all others once a subsampling layer above them has read them.
    """
    for l in range(plan.layers.size - 2, 0, -1):  # noqa: E741
        here, below = plan.layers[l], plan.layers[l - 1]
        end = here.at + here.extent
        if way.aim == CURVATURE:
            multiply_by_squared_slopes(space.deltas[here.at : end], space.states[here.at : end])
        else:
            multiply_by_slopes(space.deltas[here.at : end], space.states[here.at : end])
        if here.form == SUBSAMPLING:
            bprop_subsampling(here, below, plan, way, space)
        if way.aim == CURVATURE:
            square(space.states[below.at : below.at + below.extent])
        if here.form == CONVOLUTION:
            bprop_convolution(here, below, plan, way, space)
        elif here.form == DENSE:
            bprop_dense(here, below, plan, way, space)


@compiled
def find_loss(penalties, desired, objective, penalty_deltas):
    """Return the loss E of one column of penalties and set dE/dy_i.

    The objective's scale multiplies the penalties: 1 as printed, 1/2 as in the authors' later
    code. Of eq. 9, behind the last class is the rubbish class, whose penalty is j.
    Source: Sec. II-C, eq. 8 (MSE) and eq. 9 (MAP).
    """
    j, scale = objective.j, objective.scale
    if objective.loss == MSE:
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
    if desired == penalties.size:
        return j - least + math.log(total)
    penalty_deltas[desired] += scale
    return scale * penalties[desired] - least + math.log(total)


@compiled
def seed_curvature(here, below, plan, objective, space):
    """Set d2E/dx2 below the output, column by column.

    Of eq. 8, E = s y_D, it is 2 s. Of eq. 9, with g_i = 2 s (x - w_i) and 0 for the rubbish class,
    it is 2 s p + Var g: the p_i are the classes' shares in the sum, p that of the rubbish class.
    It is the same for every desired class, and never negative, for the centres are fixed.
    """
    c, scale = space.deltas.dtype.type, objective.scale
    window, seed, fan_in = space.windows[0], space.window_delta, here.fan_in
    for column in range(here.width):
        seed[:fan_in] = c(2.0 * scale)
        if objective.loss == MAP:
            shares = space.penalty_deltas[column]
            first = here.at + column
            penalties = space.states[first : first + here.maps * here.stride : here.stride]
            find_loss(penalties, here.maps, objective, shares)
            rubbish = 1.0
            for i in range(here.maps):
                shares[i] /= -scale
                rubbish -= shares[i]
            rubbish = max(rubbish, 0.0)  # which rounding might miss
            gather_windows(here, below, plan.lanes, column, space)
            for k in range(fan_in):
                mean = 0.0
                for i in range(here.maps):
                    mean += shares[i] * 2.0 * scale * (window[k] - plan.centres[i, k])
                variance = rubbish * mean * mean
                for i in range(here.maps):
                    apart = 2.0 * scale * (window[k] - plan.centres[i, k]) - mean
                    variance += shares[i] * apart * apart
                seed[k] = c(2.0 * scale * rubbish + variance)
        scatter_window(here, below, seed, column, space.deltas)


@compiled
def class_of_least(penalties):
    """Return the class of the least penalty."""
    answer = 0
    for i in range(1, penalties.size):
        if penalties[i] < penalties[answer]:
            answer = i
    return answer


@compiled
def misclassifies(penalties, desired, objective):
    """Return whether the answer is another class, or a class where the rubbish class is desired."""
    answer = class_of_least(penalties)
    if desired == penalties.size:
        return objective.scale * penalties[answer] < objective.j
    return answer != desired


# ---- over the patterns ----


@compiled
def present(plan, patterns, p, states):
    """Set the input's states to patterns p, p + 1, ..., a lane each; past the last, to the last."""
    first, lanes, values = plan.layers[0], plan.lanes, patterns.shape[1]
    # By the block, for a lane's cache lines do not stay until the next lane comes to them.
    for begin in range(0, values, 2 * BLOCK):
        n = min(2 * BLOCK, values - begin)
        for lane in range(lanes):
            own = patterns[min(p + lane, patterns.shape[0] - 1)][begin:]
            out = states[first.at + begin * lanes + lane :]
            for i in range(n):
                out[i * lanes] = own[i]


@compiled
def penalties_of(plan, parameters, patterns, space, out):
    """Set out[p, i, column] to the penalties of each pattern, as many at a time as lanes."""
    last, lanes = plan.layers[plan.layers.size - 1], plan.lanes
    for p in range(0, patterns.shape[0], lanes):
        present(plan, patterns, p, space.states)
        fprop(plan, parameters, space)
        for lane in range(min(lanes, patterns.shape[0] - p)):
            for i in range(last.maps):
                for column in range(last.width):
                    at = last.at + i * last.stride + column * lanes + lane
                    out[p + lane, i, column] = space.states[at]


@compiled
def descend(plan, parameters, patterns, labels, objective, way, space):
    """Pass the patterns one after the other, each forward and back (Sec. III-B, App. C).

    On the way of CURVATURE the labels have no part.
    Source: App. C, eq. 21 to 27.

    Parameters
    ----------
    plan : Plan
        Of one lane.
    parameters : ndarray, (trainable,)
    patterns : ndarray, (n, pixels)
    labels : ndarray of int64, (n,)
    objective : Objective
    way : Way
    space : Workspace

    Returns
    -------
    total : float
        The sum of the losses.
    misclassified : int
        Patterns answered wrongly, each before its own update.
    passed : int
        Patterns passed: fewer than given when a loss was not finite.
    """
    here, below = plan.layers[plan.layers.size - 1], plan.layers[plan.layers.size - 2]
    penalties = space.states[here.at : here.at + here.maps]
    total, misclassified = 0.0, 0
    for p in range(patterns.shape[0]):
        present(plan, patterns, p, space.states)
        fprop(plan, parameters, space)
        if way.aim != CURVATURE:
            energy = find_loss(penalties, labels[p], objective, space.penalty_deltas[0])
            if not math.isfinite(energy):
                return total, misclassified, p
            total += energy
            misclassified += misclassifies(penalties, labels[p], objective)
        space.deltas[:] = 0
        if way.aim == CURVATURE:
            seed_curvature(here, below, plan, objective, space)
            square(space.states[below.at : below.at + below.extent])
        else:
            bprop_penalties(here, below, plan, space)
        bprop(plan, way, space)
    return total, misclassified, patterns.shape[0]
