import { existsSync } from 'node:fs'

// Loaded before the programs by the npm scripts (`--import`). As --env-file-if-exists, which says in English that there is none.
if (existsSync('.env')) process.loadEnvFile()
