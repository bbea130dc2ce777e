/** A definite refusal (RFC 9457): nothing was done. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {Record<string, unknown>} problem the body of the answer
   * @param {number | null} retryAfterSeconds
   */
  constructor(status, problem, retryAfterSeconds) {
    super(String(problem.detail ?? problem.title ?? status));
    this.status = status;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The name of the problem, such as `act-replayed`. */
  get slug() {
    return String(this.problem.type ?? "").replace("/problems/", "") || `status-${this.status}`;
  }

  /** Whether the same request may be sent again: it is busy, away, or still running. */
  get asksToRepeat() {
    return [429, 502, 503, 504].includes(this.status) || this.slug === "request-in-progress";
  }
}

/** No answer came: the request may or may not have had its effect. */
export class Unreachable extends Error {}
