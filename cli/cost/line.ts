/** A line of the bill: one price, and its amount. */
export interface Line {
  /** Key of the price in `PRICES`; for an unknown price, the name of the thing. */
  readonly price: string;
  /** Number, or amount in a month; NaN if the stack does not tell. */
  readonly amount: number;
  /** The assumption behind the amount, for lines of use. */
  readonly assumes?: string;
}

/** Hours in a month, as AWS counts. */
export const HOURS = 730;
