/** The country and its September (design of the load, not a measurement). */
export const country = {
  schools: 40_000,
  teachers: 1_300_000,
  pupils: 17_000_000,
  /** Share of a year's invitations that fall into the two weeks of September. */
  septemberShare: 0.8,
  /** Working time of these weeks: ten days of eight hours. */
  septemberSeconds: 10 * 8 * 3600,
  /** How much busier the busiest hour is than the mean. */
  peakToMean: 5,
  /** Days Temporal keeps what has ended (docker-compose.yml: 72h). */
  retentionDays: 3,
  /** Days an invitation waits: the term of a link. */
  termDays: 14,
}

/** Figures of one measured run, per invitation. */
export interface PerInvitation {
  cpuSeconds: number
  postgresBytes: number
  temporalBytes: number
  walBytes: number
  historyEvents: number
  /** Invitations to one workflow. */
  workflowShare: number
  letters: number
  /** What two cores did, a second, on the machine of the run. */
  perSecond: number
}

/** What the country needs, each number a product of a measured one and of the table above. */
export function needs(one: PerInvitation) {
  const invitations = country.teachers + country.pupils
  const meanPerSecond = (invitations * country.septemberShare) / country.septemberSeconds
  const peakPerSecond = meanPerSecond * country.peakToMean
  // What was begun within a term and the retention is still there when the last of September is begun.
  const inTemporal = Math.min(1, (country.termDays + country.retentionDays) / 14) * invitations * country.septemberShare
  return {
    invitations,
    meanPerSecond,
    peakPerSecond,
    peakCores: peakPerSecond * one.cpuSeconds,
    twoCoreMachines: peakPerSecond / one.perSecond,
    yearPostgresBytes: invitations * one.postgresBytes,
    temporalBytes: inTemporal * one.temporalBytes,
    openWorkflows: inTemporal * one.workflowShare,
    peakHistoryEventsPerSecond: peakPerSecond * one.historyEvents,
    peakWalBytesPerSecond: peakPerSecond * one.walBytes,
    peakLettersPerSecond: peakPerSecond * one.letters,
  }
}
