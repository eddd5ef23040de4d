import { receptionistError } from '../errors'
import { hold } from '../handle'
import { copyOf } from '../json'
import type { NativeReceptionist } from '../native'
import { changeProfile, describe, profileOf, type GoalInDetail, type GoalsInDetail } from './profile'

/** Something the agent aims at. */
export interface Goal {
  /** What it is called; unique. */
  name: string
  /** What is aimed at. */
  description: string
  /** The main goal, or a further one. */
  type: 'primary' | 'secondary'
  /** Its rank: 1 comes first. */
  priority: number
  /** How success is measured. */
  metric?: string
  /** Limits while pursuing it. */
  constraints: string[]
}

/** `agent.getGoals()`: what the agent aims at. A change counts from the agent's next answer on. */
export class GoalSystem {
  private constructor() {}

  /** @internal */
  static of(native: NativeReceptionist): GoalSystem {
    const made = new GoalSystem()
    hold(made, native)
    return made
  }

  /** All goals, the main one first; limits that hold for all are the first's. */
  getCurrent(): Goal[] {
    const { primary, secondary = [], constraints = [] } = read(this)
    const further = secondary.map((goal, n) => goalOf(goal, 'secondary', `Secondary Goal ${n + 1}`, n + 2))
    const goals =
      primary === undefined ? further : [goalOf(primary, 'primary', 'Primary Goal', 1), ...further]
    goals[0]?.constraints.unshift(...constraints)
    return goals
  }

  /** The main goal. */
  getPrimary(): Goal | undefined {
    return this.getCurrent().find(({ type }) => type === 'primary')
  }

  /** The further goals. */
  getSecondary(): Goal[] {
    return this.getCurrent().filter(({ type }) => type === 'secondary')
  }

  /** What the prompt says of them. */
  getDescription(): string {
    return describe(this, 'goals')
  }

  /** The options, as they are now. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /**
   * Adds a goal; a main one takes the place of the one there is.
   * @throws {@link ValidationError} if there is one of that name
   */
  addGoal(goal: Goal): void {
    const goals = this.getCurrent()
    const added = copyOf('goal', goal)
    if (goals.some(({ name }) => name === added.name)) {
      throw receptionistError('INVALID_ARGUMENT', 'Invalid argument `goal`: there is one of that name', {
        details: { field: 'goal' },
      })
    }
    write(this, [...goals.filter(({ type }) => added.type === 'secondary' || type !== 'primary'), added])
  }

  /** Removes a goal; whether there was one of that name. */
  removeGoal(name: string): boolean {
    const goals = this.getCurrent()
    const kept = goals.filter((goal) => goal.name !== name)
    if (kept.length < goals.length) write(this, kept)
    return kept.length < goals.length
  }

  /** Changes a goal; whether there was one of that name. */
  updateGoal(name: string, updates: Partial<Goal>): boolean {
    const goals = this.getCurrent()
    const changes = copyOf('updates', updates)
    if (!goals.some((goal) => goal.name === name)) return false
    write(
      this,
      goals.map((goal) => (goal.name === name ? { ...goal, ...changes } : goal)),
    )
    return true
  }
}

function read(pillar: GoalSystem): GoalsInDetail {
  return profileOf(pillar).goals ?? {}
}

function write(pillar: GoalSystem, goals: Goal[]): void {
  const detailed = (type: Goal['type']): GoalInDetail[] =>
    goals.filter((goal) => goal.type === type).map(({ type: _, ...goal }) => goal)
  const [primary] = detailed('primary')
  const { metrics } = read(pillar)
  changeProfile(pillar, {
    goals: { ...(metrics && { metrics }), ...(primary && { primary }), secondary: detailed('secondary') },
  })
}

function goalOf(goal: GoalInDetail | string, type: Goal['type'], name: string, priority: number): Goal {
  const detailed = typeof goal === 'string' ? { description: goal } : goal
  return { name, priority, ...detailed, type, constraints: [...(detailed.constraints ?? [])] }
}
