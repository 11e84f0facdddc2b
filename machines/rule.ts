/** An instant in UTC, ISO 8601 with `Z`. Inside a machine it is data: nothing here reads a clock. */
export type Instant = string

/** What a rule counts from: an instant, or a deadline of this or another instance of the cohort. */
export type Anchor = Instant | { deadline: string; of?: string }

/**
 * How a deadline is found. A machine names the rule; the instant is computed outside, from the school's
 * calendar and zone, by the activity that records the step (design.md, answer 1).
 * Rules that count backwards (`workingDaysBefore`, `midwayTo`) are reminders: one whose moment is not after
 * the issue is not set (domain.md 7.3). `outsideBreaks` moves one out of a school break, to the first working morning after it.
 */
export type Rule =
  | { at: Instant }
  /** End of the n-th working day after the anchor (default: now), 18:00 local, 17:00 on a shortened day. */
  | { workingDays: number; after?: Anchor }
  /** The same for the due moments of urgent tasks: hours between 09:00 and 18:00 of working days. */
  | { workingHours: number; after?: Anchor }
  | { workingDaysBefore: number; anchor: Anchor; outsideBreaks?: true }
  | { midwayTo: Anchor; outsideBreaks?: true }
  /** A link's term: end of the local day, moved forward to a working day (domain.md 7.3). */
  | { termDays: number }
  /** Calendar days of 24 hours: retention and absolute limits. */
  | { days: number; after?: Anchor }

/**
 * A live deadline: when it fires, and the rule and the instant it was counted from, so that it can be counted again
 * when the calendar changes. `provisional` = computed on provisional calendar data.
 */
export interface Deadline {
  at: Instant
  rule: Rule
  from: Instant
  provisional?: boolean
  /** Of a reminder: from here on it comes too late and is skipped (domain.md 6.3). */
  staleAt?: Instant
}

/** What a rule counts from, or undefined when it counts from the step itself. */
export const anchorOf = (rule: Rule): Anchor | undefined =>
  'after' in rule ? rule.after : 'anchor' in rule ? rule.anchor : 'midwayTo' in rule ? rule.midwayTo : undefined
