/** Somebody cancelled the import while its work went on: nothing of that work is kept. */
export class ImportOver extends Error {}
