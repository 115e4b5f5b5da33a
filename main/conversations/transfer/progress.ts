/** How far a long job is, in whatever it counts. */
export interface Progress {
  readonly done: number
  readonly total: number
}
