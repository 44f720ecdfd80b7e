"""All compiled loops: correlation, pooling, units, the output, the input, the optimisers.

What passes through them is several patterns side by side, a lane each: arrays are (maps, height,
width, lanes), so that a run along the lanes, and mostly along a whole row, is one long vector.
A window need then not be gathered: the values that one weight multiplies lie in a row already, at
an offset that is the weight's own. Layers that see all of the layer below are the case of one
position.

A constant is taken in the type of the data, for a bare Python float would drag float32 arithmetic
up to float64.
"""

import math

import numpy as np

from lenet98.storage.cache import cached_njit


def _compiled(**options):
    return cached_njit(
        nogil=True,
        error_model="numpy",
        # Neither "nnan" nor "ninf": a NaN must stay visible.
        fastmath={"contract", "reassoc", "nsz", "arcp", "afn"},
        **options,
    )


compiled = _compiled()


# ---- correlation: forward, back, and the gradients of its weights ----


@compiled
def add_weighted(weights, order, sources, source_at, source_moves, targets, target_at, moves, grid):
    """Add to each target the sum of all sources, each times the weight between the two.

    Forward, the sources are the inputs of each weight and the targets the maps; back, it is the
    other way round. Three targets and four sources go together: twelve weights, which fill the
    vector registers, for seven loads.

    Parameters
    ----------
    weights : ndarray, (targets, sources)
    order : ndarray of int64, (targets,)
        In which the targets are taken; where neighbours overlap, it takes much longer.
    sources : ndarray, flat
    source_at : ndarray of int64, (sources,)
        Where the first run of each begins.
    source_moves : (int, int)
        From one row to the next, and from one run of a row to the next.
    targets, target_at, moves
        The same of the targets.
    grid : (int, int, int)
        Rows, runs in a row, values in a run.
    """
    rows, runs, n = grid
    many, inputs = weights.shape
    threes, fours = many - many % 3, inputs - inputs % 4
    for row in range(rows):
        for run in range(runs):
            x = sources[row * source_moves[0] + run * source_moves[1] :]
            y = targets[row * moves[0] + run * moves[1] :]
            for first in range(0, threes, 3):
                t, u, v = order[first], order[first + 1], order[first + 2]
                a, b, c = y[target_at[t] :], y[target_at[u] :], y[target_at[v] :]
                wa, wb, wc = weights[t], weights[u], weights[v]
                for k in range(0, fours, 4):
                    xp, xq = x[source_at[k] :], x[source_at[k + 1] :]
                    xr, xs = x[source_at[k + 2] :], x[source_at[k + 3] :]
                    ap, aq, ar, as_ = wa[k], wa[k + 1], wa[k + 2], wa[k + 3]
                    bp, bq, br, bs = wb[k], wb[k + 1], wb[k + 2], wb[k + 3]
                    cp, cq, cr, cs = wc[k], wc[k + 1], wc[k + 2], wc[k + 3]
                    for i in range(n):
                        p, q, r, s = xp[i], xq[i], xr[i], xs[i]
                        a[i] += ap * p + aq * q + ar * r + as_ * s
                        b[i] += bp * p + bq * q + br * r + bs * s
                        c[i] += cp * p + cq * q + cr * r + cs * s
                for k in range(fours, inputs):
                    xp, ap, bp, cp = x[source_at[k] :], wa[k], wb[k], wc[k]
                    for i in range(n):
                        p = xp[i]
                        a[i] += ap * p
                        b[i] += bp * p
                        c[i] += cp * p
            for last in range(threes, many):
                a, wa = y[target_at[order[last]] :], weights[order[last]]
                for k in range(0, fours, 4):
                    xp, xq = x[source_at[k] :], x[source_at[k + 1] :]
                    xr, xs = x[source_at[k + 2] :], x[source_at[k + 3] :]
                    ap, aq, ar, as_ = wa[k], wa[k + 1], wa[k + 2], wa[k + 3]
                    for i in range(n):
                        a[i] += ap * xp[i] + aq * xq[i] + ar * xr[i] + as_ * xs[i]
                for k in range(fours, inputs):
                    xp, ap = x[source_at[k] :], wa[k]
                    for i in range(n):
                        a[i] += ap * xp[i]


@compiled
def add_products(deltas, delta_at, delta_moves, sources, source_at, moves, grid, gradient):
    """Add to each weight's gradient the sum of delta times input over all that share the weight.

    Two maps and four inputs go together: eight sums, for six loads. Of maps in an odd number the
    last goes with itself.

    Parameters
    ----------
    deltas, delta_at, delta_moves
        Of the maps, as in `add_weighted`.
    sources, source_at, moves
        Of the inputs of each weight.
    grid : (int, int, int)
        Rows, runs in a row, values in a run.
    gradient : ndarray, (maps, inputs)
    """
    rows, runs, n = grid
    many, inputs = gradient.shape
    fours, zero = inputs - inputs % 4, gradient.dtype.type(0)
    for row in range(rows):
        for run in range(runs):
            x = sources[row * moves[0] + run * moves[1] :]
            d = deltas[row * delta_moves[0] + run * delta_moves[1] :]
            for k in range(0, fours, 4):
                xp, xq = x[source_at[k] :], x[source_at[k + 1] :]
                xr, xs = x[source_at[k + 2] :], x[source_at[k + 3] :]
                for t in range(0, many, 2):
                    u = min(t + 1, many - 1)
                    a, b = d[delta_at[t] :], d[delta_at[u] :]
                    ap = aq = ar = as_ = bp = bq = br = bs = zero
                    for i in range(n):
                        p, q, r, s = xp[i], xq[i], xr[i], xs[i]
                        e, f = a[i], b[i]
                        ap += e * p
                        aq += e * q
                        ar += e * r
                        as_ += e * s
                        bp += f * p
                        bq += f * q
                        br += f * r
                        bs += f * s
                    gradient[t, k] += ap
                    gradient[t, k + 1] += aq
                    gradient[t, k + 2] += ar
                    gradient[t, k + 3] += as_
                    if u > t:
                        gradient[u, k] += bp
                        gradient[u, k + 1] += bq
                        gradient[u, k + 2] += br
                        gradient[u, k + 3] += bs
            for k in range(fours, inputs):
                xp = x[source_at[k] :]
                for t in range(many):
                    a, ap = d[delta_at[t] :], zero
                    for i in range(n):
                        ap += a[i] * xp[i]
                    gradient[t, k] += ap


# ---- the same of one pattern in one place, where runs would be of one value ----


@compiled
def add_inner_products(weights, x, out):
    """Add to each value the inner product of its weights with x.

    Parameters
    ----------
    weights : ndarray, (maps, inputs)
    x : ndarray, (inputs,)
    out : ndarray, (maps,)
    """
    zero = out.dtype.type(0)
    for t in range(out.size):
        w, total = weights[t], zero
        for k in range(x.size):
            total += w[k] * x[k]
        out[t] += total


@compiled
def add_weights(weights, deltas, out):
    """Add to each value the sum of its weights, each times the delta of the map that it leads to.

    Parameters
    ----------
    weights : ndarray, (maps, inputs)
    deltas : ndarray, (maps,)
    out : ndarray, (inputs,)
    """
    for t in range(deltas.size):
        w, delta = weights[t], deltas[t]
        for k in range(out.size):
            out[k] += delta * w[k]


@compiled
def add_outer_product(deltas, x, gradient):
    """Add to the gradient of each weight its delta times its input.

    Parameters
    ----------
    deltas : ndarray, (maps,)
    x : ndarray, (inputs,)
    gradient : ndarray, (maps, inputs)
    """
    for t in range(deltas.size):
        g, delta = gradient[t], deltas[t]
        for k in range(x.size):
            g[k] += delta * x[k]


# ---- pooling ----


@compiled
def find_greatest(x, size, stride, out, winner):
    """Set each value to the greatest of its window, and `winner` to the first place it has there.

    A NaN is the greatest.

    Parameters
    ----------
    x : ndarray, (maps, height, width, lanes)
    size, stride : int
    out : ndarray, (maps, height above, width above, lanes)
    winner : ndarray of int32, as `out`
        Row by row within the window.
    """
    maps, height, width, lanes = out.shape
    for m in range(maps):
        for row in range(height):
            own, places = out[m, row].reshape(-1), winner[m, row].reshape(-1)
            upper, lower = x[m, row * stride].reshape(-1), x[m, row * stride + size - 1].reshape(-1)
            for column in range(width):
                best, place = own[column * lanes :], places[column * lanes :]
                at = column * stride * lanes
                if size == 2:
                    greatest_of_four(upper[at:], lower[at:], lanes, best, place)
                else:
                    best[:lanes], place[:lanes] = upper[at : at + lanes], 0
                    for k in range(1, size * size):
                        y = x[m, row * stride + k // size, column * stride + k % size]
                        for i in range(lanes):
                            greater = y[i] > best[i] or y[i] != y[i]
                            best[i] = y[i] if greater else best[i]
                            place[i] = k if greater else place[i]


@compiled
def greatest_of_four(upper, lower, lanes, best, place):
    """Do what `find_greatest` does for one window of two by two, in vectors."""
    right, lower_right = upper[lanes:], lower[lanes:]
    for i in range(lanes):
        x, k = upper[i], np.int32(0)
        greater = right[i] > x or right[i] != right[i]
        x, k = right[i] if greater else x, np.int32(1) if greater else k
        greater = lower[i] > x or lower[i] != lower[i]
        x, k = lower[i] if greater else x, np.int32(2) if greater else k
        greater = lower_right[i] > x or lower_right[i] != lower_right[i]
        x, k = lower_right[i] if greater else x, np.int32(3) if greater else k
        best[i], place[i] = x, k


@compiled
def add_to_greatest(deltas, winner, size, stride, out):
    """Add each delta to the value that was the greatest of its window.

    Parameters are those of `find_greatest`, with `deltas` of its `out`, and `out` of its `x`.
    """
    maps, height, width, lanes = deltas.shape
    zero = deltas.dtype.type(0)
    for m in range(maps):
        for row in range(height):
            own, places = deltas[m, row].reshape(-1), winner[m, row].reshape(-1)
            for k in range(size * size):
                below = out[m, row * stride + k // size].reshape(-1)
                for column in range(width):
                    delta, place = own[column * lanes :], places[column * lanes :]
                    y = below[(column * stride + k % size) * lanes :]
                    for i in range(lanes):
                        y[i] += delta[i] if place[i] == np.int32(k) else zero


@compiled
def add_windows(x, size, stride, out):
    """Add to each value those of its window; shapes are those of `find_greatest`."""
    maps, height, width, lanes = out.shape
    for m in range(maps):
        for row in range(height):
            own = out[m, row].reshape(-1)
            if lanes == 1 and size == 2 and stride == 2:
                upper, lower = x[m, 2 * row].reshape(-1), x[m, 2 * row + 1].reshape(-1)
                add_fours(upper, lower, own)
                continue
            for k in range(size * size):
                below = x[m, row * stride + k // size].reshape(-1)
                for column in range(width):
                    total = own[column * lanes :]
                    y = below[(column * stride + k % size) * lanes :]
                    for i in range(lanes):
                        total[i] += y[i]


@compiled
def add_fours(upper, lower, out):
    """Do what `add_windows` does for a row of windows of two by two side by side, in one lane."""
    for i in range(out.size):
        out[i] += (upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1])


@compiled
def add_to_windows(deltas, size, stride, out):
    """Add each delta to all values of its window, as `add_to_greatest` does to one."""
    maps, height, width, lanes = deltas.shape
    for m in range(maps):
        for row in range(height):
            own = deltas[m, row].reshape(-1)
            if lanes == 1 and size == 2 and stride == 2:
                add_to_fours(own, out[m, 2 * row].reshape(-1), out[m, 2 * row + 1].reshape(-1))
                continue
            for k in range(size * size):
                below = out[m, row * stride + k // size].reshape(-1)
                for column in range(width):
                    delta = own[column * lanes :]
                    y = below[(column * stride + k % size) * lanes :]
                    for i in range(lanes):
                        y[i] += delta[i]


@compiled
def add_to_fours(deltas, upper, lower):
    """Do what `add_to_windows` does, where `add_fours` does the other."""
    for i in range(deltas.size):
        upper[2 * i] += deltas[i]
        upper[2 * i + 1] += deltas[i]
        lower[2 * i] += deltas[i]
        lower[2 * i + 1] += deltas[i]


# ---- coefficients and biases ----


@compiled
def multiply_maps(x, coefficients, biases, out):
    """Set each map to its coefficient times x, plus its bias.

    Parameters
    ----------
    x : ndarray, (maps, values)
    coefficients, biases : ndarray, (maps,)
    out : ndarray, (maps, values)
    """
    for m in range(biases.size):
        own, y, coefficient, bias = x[m], out[m], coefficients[m], biases[m]
        for i in range(own.size):
            y[i] = coefficient * own[i] + bias


@compiled
def multiply_maps_back(deltas, x, coefficients, of_coefficients, of_biases):
    """Add to the gradients of `multiply_maps`, and multiply the deltas by the coefficients.

    Parameters
    ----------
    deltas, x : ndarray, (maps, values)
    coefficients, of_coefficients, of_biases : ndarray, (maps,)
        Coefficients, and the gradients of these and of the biases.
    """
    zero = deltas.dtype.type(0)
    for m in range(of_biases.size):
        own, y, coefficient = deltas[m], x[m], coefficients[m]
        product = total = zero
        for i in range(own.size):
            product += own[i] * y[i]
            total += own[i]
            own[i] *= coefficient
        of_coefficients[m] += product
        of_biases[m] += total


@compiled
def add_sums(deltas, of_biases):
    """Add to the gradient of each bias the deltas of its map.

    Parameters
    ----------
    deltas : ndarray, (maps, values)
    of_biases : ndarray, (maps,)
    """
    zero = deltas.dtype.type(0)
    for m in range(of_biases.size):
        own, total = deltas[m], zero
        for i in range(own.size):
            total += own[i]
        of_biases[m] += total


# ---- units ----


@compiled
def find_states(a, inner, outer, offset, out):
    """Set each state to offset + outer tanh(inner a).

    In float32 it is the fraction of `lenet98.network.kernels.squash`, which runs in vectors:
    tanh(2s) = 2ND / (N^2 + D^2), where N/D is Lambert's continued fraction of tanh s cut after 13,
    within 2e-7 of tanh.
    """
    c = a.dtype.type
    inner, outer, offset = c(inner), c(outer), c(offset)
    if a.itemsize == 8:
        for i in range(a.size):
            out[i] = offset + outer * math.tanh(inner * a[i])
    else:
        half, largest = c(0.5) * inner, c(4.5)  # tanh(9) is 1 in float32
        for i in range(a.size):
            s = half * a[i]
            s = largest if s > largest else s
            s = -largest if s < -largest else s
            q = s * s
            num = s * (c(135135.0) + q * (c(17325.0) + q * (c(378.0) + q)))
            den = c(135135.0) + q * (c(62370.0) + q * (c(3150.0) + q * c(28.0)))
            out[i] = offset + outer * (c(2.0) * num * den / (num * num + den * den))


@compiled
def rectify(x, out):
    """Set `out` to x where it is positive, and to 0 elsewhere; a NaN stays.

    Not in place, for then the compiler stores only what changes, value by value.
    """
    zero = x.dtype.type(0)
    for i in range(x.size):
        out[i] = zero if x[i] < zero else x[i]


@compiled
def stop_where_idle(deltas, x):
    """Set the deltas to 0 where the state of a ReLU is 0."""
    zero = x.dtype.type(0)
    for i in range(x.size):
        deltas[i] = deltas[i] if x[i] > zero else zero


@compiled
def multiply_by_polynomial(deltas, x, constant, linear, square):
    """Multiply the deltas by the slope of each unit, a polynomial of its state."""
    c = x.dtype.type
    constant, linear, square = c(constant), c(linear), c(square)
    for i in range(x.size):
        deltas[i] *= constant + x[i] * (linear + x[i] * square)


# ---- the output ----


@compiled
def find_penalties(x, centres, out):
    """Set the squared distance of each pattern from each centre.

    Source: Sec. II-B, eq. 7.

    Parameters
    ----------
    x : ndarray, (inputs, lanes)
    centres : ndarray, (classes, inputs)
    out : ndarray, (classes, lanes)
    """
    for i in range(out.shape[0]):
        y = out[i]
        y[:] = 0
        for j in range(x.shape[0]):
            own, w = x[j], centres[i, j]
            for lane in range(y.size):
                y[lane] += (own[lane] - w) * (own[lane] - w)


@compiled
def judge_penalties(penalties, labels, scale, j, competitive, losses, shares):
    """Set each pattern's loss, and its derivatives for the penalties.

    Source: Sec. II-C, eq. 8; with `competitive`, eq. 9.

    Parameters
    ----------
    penalties : ndarray, (classes, lanes)
    labels : ndarray of int64, (lanes,)
    scale, j : float
    competitive : bool
    losses : ndarray, (lanes,)
        The penalty of each desired class, of which the loss is made.
    shares : ndarray, (classes, lanes)
    """
    classes, lanes = penalties.shape
    c = penalties.dtype.type
    scale, j = c(scale), c(j)
    shares[:] = 0
    for lane in range(lanes):
        losses[lane] *= scale
        shares[labels[lane], lane] = scale
        if competitive:
            least = j  # taken out of the sum of exponentials, for they may be large
            for i in range(classes):
                least = min(least, scale * penalties[i, lane])
            total = math.exp(least - j)
            for i in range(classes):
                total += math.exp(least - scale * penalties[i, lane])
            losses[lane] += math.log(total) - least
            for i in range(classes):
                share = math.exp(least - scale * penalties[i, lane]) / total
                shares[i, lane] -= scale * share


@compiled
def carry_penalties(shares, x, centres, out):
    """Set the derivatives for x, of those for the penalties.

    Parameters
    ----------
    shares : ndarray, (classes, lanes)
    x, centres
        As in `find_penalties`.
    out : ndarray, (inputs, lanes)
    """
    out[:] = 0
    two = out.dtype.type(2)
    for j in range(x.shape[0]):
        own, y = x[j], out[j]
        for i in range(shares.shape[0]):
            share, w = shares[i], centres[i, j]
            for lane in range(y.size):
                y[lane] += two * share[lane] * (own[lane] - w)


# ---- the input ----


@compiled
def present(images, chosen, levels, margin, out):
    """Set the pixels of the chosen images, a lane each, within a margin that is left.

    Parameters
    ----------
    images : ndarray of uint8, (n, height, width)
    chosen : ndarray of int64, (lanes,)
    levels : ndarray, (256,)
        The grey level of each amount of ink.
    margin : int
    out : ndarray, (1, height + 2 margin, width + 2 margin, lanes)
    """
    height, width = images.shape[1:]
    for row in range(height):
        for lane in range(chosen.size):
            pixels = images[chosen[lane], row]
            for column in range(width):
                out[0, row + margin, column + margin, lane] = levels[pixels[column]]


# ---- the parameters ----


@compiled
def take_mean(gradient, patterns, decay, parameters):
    """Divide the sum over so many patterns by them, and add decay times each parameter."""
    share = gradient.dtype.type(1 / patterns)
    for k in range(gradient.size):
        gradient[k] = share * gradient[k] + decay[k] * parameters[k]


@compiled
def are_finite(parameters):
    """Return whether all of them are."""
    finite = True
    for k in range(parameters.size):
        finite &= math.isfinite(parameters[k])
    return finite


@compiled
def descend(parameters, gradient, rates):
    """Subtract from each parameter its own rate times its gradient."""
    for k in range(parameters.size):
        parameters[k] -= rates[k] * gradient[k]


@compiled
def descend_with_momentum(parameters, gradient, velocity, rate, momentum):
    """Move each parameter by momentum times its last move, less rate times its gradient."""
    c = parameters.dtype.type
    rate, momentum = c(rate), c(momentum)
    for k in range(parameters.size):
        velocity[k] = momentum * velocity[k] - rate * gradient[k]
        parameters[k] += velocity[k]


@compiled
def descend_by_rms(parameters, gradient, square, rate, decay, least):
    """Divide each gradient by the root of the running mean of its square (RMSprop)."""
    c = parameters.dtype.type
    rate, decay, rest, least = c(rate), c(decay), c(1 - decay), c(least)
    for k in range(parameters.size):
        g = gradient[k]
        square[k] = decay * square[k] + rest * (g * g)
        parameters[k] -= rate * g / math.sqrt(square[k] + least)


@compiled
def descend_by_moments(parameters, gradient, mean, square, rate, decays, least):
    """Divide the running mean of each gradient by the root of that of its square (Adam)."""
    c = parameters.dtype.type
    rate, least = c(rate), c(least)
    first, second = c(decays[0]), c(decays[1])
    first_rest, second_rest = c(1 - decays[0]), c(1 - decays[1])
    for k in range(parameters.size):
        g = gradient[k]
        mean[k] = first * mean[k] + first_rest * g
        square[k] = second * square[k] + second_rest * (g * g)
        parameters[k] -= rate * mean[k] / (math.sqrt(square[k]) + least)
