import { types } from 'node:util'
import { isBare } from './handle'

/**
 * Tells objects of these classes as they came from `new`, which need never be called through JavaScript: no subclass, no proxy, no
 * spy, neither on the object nor on the class.
 */
export function unmodified(...classes: { prototype: object }[]): (given: unknown) => given is object {
  // As they were made: a spy on a prototype's method makes it the user's own code.
  const ours = classes.map(({ prototype }) => ({
    prototype,
    methods: Object.getOwnPropertyDescriptors(prototype) as Record<string, PropertyDescriptor>,
  }))
  return (given): given is object => {
    if (typeof given !== 'object' || given === null || types.isProxy(given) || !isBare(given)) return false
    const found = ours.find(({ prototype }) => prototype === Object.getPrototypeOf(given))
    return (
      found !== undefined &&
      Object.entries(found.methods).every(([name, method]) => {
        return Object.getOwnPropertyDescriptor(found.prototype, name)?.value === method.value
      })
    )
  }
}
