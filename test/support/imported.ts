import { commitImport } from '../../activities/jobs/commit-import.ts'
import type { DoJob, JobRun } from '../../activities/jobs/index.ts'
import { previewImport } from '../../activities/jobs/preview-import.ts'
import { inSchool, type Database } from '../../db/connection.ts'
import { newId } from '../../db/ids.ts'
import { insertImportFile } from '../../db/import-files.ts'
import type { Said } from '../../db/import-rows.ts'
import { insertImport, type ImportRow, type NewImport } from '../../db/imports.ts'
import { testKeyRing } from './test-key-ring.ts'

type Ready = { type: string; version: string; counts: ImportRow['counts']; confirmations: string[] }

/** Imports of one school by their jobs, as the host would run them. */
export function importsOf(db: Database, orgId: string) {
  const work = (job: DoJob, id: string, params: Record<string, unknown> = {}, over: Partial<JobRun> = {}) =>
    job({ db, keys: testKeyRing }, { orgId, processId: `rosterImport:${id}`, params: { importId: id, ...params }, now: new Date('2026-10-01T08:00:00Z'), heartbeat: () => {}, signal: new AbortController().signal, ...over }) as Promise<unknown> as Promise<Ready>
  return {
    work,
    async upload(bytes: Buffer, wanted: Partial<Pick<NewImport, 'wantedKind' | 'wantedYear' | 'wantedComplete'>> = {}): Promise<string> {
      const id = newId('imp')
      await inSchool(db, orgId, async (tx) => {
        await insertImport(tx, orgId, { id, processId: `rosterImport:${id}`, openedBy: 'p2', fileName: 'spisok.csv', fileSize: bytes.length, wantedKind: null, wantedYear: '2026-2027', wantedComplete: null, ...wanted })
        await insertImportFile(tx, testKeyRing, orgId, id, bytes)
      })
      return id
    },
    preview: (id: string, decisions: readonly Said[] = []) => work(previewImport, id, { decisions }),
    commit: (id: string, version: string) => work(commitImport, id, { version, rows: 'ready' }),
    /** Rows by what is to be done: «line name: action [notes]». */
    rows: async (id: string): Promise<string[]> => {
      const { rows } = await inSchool(db, orgId, (tx) =>
        tx.query<{ line: string }>(
          `select concat_ws(' ', coalesce(i.line::text, '—'), coalesce(nullif(i.match_key, ''), p.search_key) || ':', i.action,
             (select string_agg(c ->> 'field' || '=' || (c ->> 'after'), ',') from jsonb_array_elements(i.changes) c), i.movement ->> 'kind',
             (select string_agg(n ->> 'code', ',') from jsonb_array_elements(i.problems || i.notes) n)) as line
           from import_rows i left join people p on p.id = i.person_id where i.import_id = $1 order by i.seq`,
          [id],
        ),
      )
      return rows.map(({ line }) => line)
    },
    /** The register in the order of letters: «name kind class position phone child». */
    register: async (): Promise<string[]> => {
      const { rows } = await inSchool(db, orgId, (tx) =>
        tx.query<{ line: string }>(
          `select concat_ws(' ', p.last_name, p.first_name, p.patronymic, m.kind, c.name, m.position, p.phone, g.last_name || ' ' || g.first_name) as line
           from memberships m join people p on p.id = m.person_id left join school_classes c on c.id = m.class_id left join people g on g.id = m.guardian_of
           where m.ended_at is null and p.id not in ('p1', 'p2')`,
        ),
      )
      return rows.map(({ line }) => line).sort()
    },
  }
}
