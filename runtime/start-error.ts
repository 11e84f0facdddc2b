/** The service cannot start or go on; the message is one Russian line that says what to do. */
export class StartError extends Error {}
