import type { Queryable } from '../../db/connection.ts'
import type { Obstacle } from '../../db/membership-history.ts'
import { findMovement } from '../../db/movements.ts'
import type { MovementBlock } from '../../machines/movement-kinds.ts'

/** Why the register is not changed; `number` names the movement in the way. */
export interface Block {
  reason: MovementBlock
  number?: string
}

/** What the register itself has against it, as people are told. */
export async function blockBy(tx: Queryable, obstacle: Obstacle | null): Promise<Block | null> {
  return obstacle?.reason === 'laterMovement' ? { reason: obstacle.reason, number: (await findMovement(tx, obstacle.other))!.number } : obstacle
}
