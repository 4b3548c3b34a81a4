// From a point of the map to z: a plane, and where the map is a curved sheet, what its knots add between them.

class Plane {
  constructor({ origin, axes, knots }) {
    this.origin = floatsOf(origin);
    this.axes = floatsOf(axes);
    this.knots = knots && { ...knots, values: floatsOf(knots.values) };
  }

  /** The latent at (u, v), moved by so much of each direction. */
  latentAt({ u, v }, directions, amounts) {
    const dims = this.origin.length;
    const z = Float64Array.from(this.origin, (start, at) => start + u * this.axes[at] + v * this.axes[dims + at]);
    if (this.knots) this.addKnots(z, u, v);
    directions.forEach((vector, which) => vector.forEach((value, at) => { z[at] += amounts[which] * value; }));
    return z;
  }

  /** How far a direction reaches along each axis of the map. */
  along(vector) {
    const dims = this.origin.length;
    const [u, v] = [0, dims].map((start) => vector.reduce((sum, value, at) => sum + value * this.axes[start + at], 0));
    return { u, v };
  }

  addKnots(z, u, v) {
    const { corner, step, counts, values } = this.knots;
    const [across, up] = [u, v].map((value, axis) => cellOf((value - corner[axis]) / step[axis], counts[axis]));
    for (const [i, one] of [[across.before, 1 - across.on], [across.before + 1, across.on]]) {
      for (const [j, other] of [[up.before, 1 - up.on], [up.before + 1, up.on]]) {
        const from = (i * counts[1] + j) * z.length;
        for (let at = 0; at < z.length; at += 1) z[at] += one * other * values[from + at];
      }
    }
  }
}

/** In a row of `count`, which lies before a position, and how far on from it that is; ends go on beyond. */
function cellOf(position, count) {
  const at = Math.min(Math.max(position, 0), count - 1);
  const before = Math.min(Math.floor(at), count - 2);
  return { before, on: at - before };
}
