import { receptionistError } from '../errors'
import { attachNative } from '../bridge/native-handle'
import { copyOf } from '../bridge/json'
import type { NativeReceptionist } from '../bridge/native'
import { changeProfile, describePillar, profileOf, type GoalInDetail, type GoalsInDetail } from './profile'

/** A goal of the agent. */
export interface Goal {
  /** Unique name. */
  name: string
  /** Description of the goal. */
  description: string
  /** Primary or secondary goal. */
  type: 'primary' | 'secondary'
  /** Priority; 1 comes first. */
  priority: number
  /** Success metric. */
  metric?: string
  /** Constraints while pursuing the goal. */
  constraints: string[]
}

/** `agent.getGoals()`: goals of the agent. Changes take effect with the next answer. */
export class GoalSystem {
  private constructor() {}

  /** Creates the goals of a native receptionist. @internal */
  static of(native: NativeReceptionist): GoalSystem {
    const instance = new GoalSystem()
    attachNative(instance, native)
    return instance
  }

  /**
   * Returns all goals, the primary one first. Constraints that apply to all goals are listed with
   * the first.
   */
  getCurrent(): Goal[] {
    const { primary, secondary = [], constraints = [] } = read(this)
    const further = secondary.map((goal, n) => goalOf(goal, 'secondary', `Secondary Goal ${n + 1}`, n + 2))
    const goals =
      primary === undefined ? further : [goalOf(primary, 'primary', 'Primary Goal', 1), ...further]
    goals[0]?.constraints.unshift(...constraints)
    return goals
  }

  /** Returns the primary goal, if any. */
  getPrimary(): Goal | undefined {
    return this.getCurrent().find(({ type }) => type === 'primary')
  }

  /** Returns the secondary goals. */
  getSecondary(): Goal[] {
    return this.getCurrent().filter(({ type }) => type === 'secondary')
  }

  /** Returns the section of the system prompt about the goals. */
  getDescription(): string {
    return describePillar(this, 'goals')
  }

  /** Returns the current options. */
  toJSON(): Record<string, unknown> {
    return { ...read(this) }
  }

  /**
   * Adds a goal. A primary goal replaces the existing one.
   * @throws {@link ValidationError} if a goal of that name exists
   */
  addGoal(goal: Goal): void {
    const goals = this.getCurrent()
    const added = copyOf('goal', goal, 'Goal')
    if (goals.some(({ name }) => name === added.name)) {
      throw receptionistError('INVALID_ARGUMENT', 'Invalid argument `goal`: a goal of that name exists', {
        details: { field: 'goal' },
      })
    }
    write(this, [...goals.filter(({ type }) => added.type === 'secondary' || type !== 'primary'), added])
  }

  /** Removes a goal. Returns `true` if it existed. */
  removeGoal(name: string): boolean {
    const goals = this.getCurrent()
    const kept = goals.filter((goal) => goal.name !== name)
    if (kept.length < goals.length) write(this, kept)
    return kept.length < goals.length
  }

  /** Updates a goal. Returns `true` if it existed. */
  updateGoal(name: string, updates: Partial<Goal>): boolean {
    const goals = this.getCurrent()
    const changes = copyOf('updates', updates, 'Goal')
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
