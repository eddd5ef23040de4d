import { types } from 'node:util'
import { isUnpatched } from './native-handle'

/**
 * Creates a predicate for unmodified instances of these classes, which never need to be called
 * through JavaScript: no subclass, no proxy, no spy on the object or the class.
 */
export function unpatched(...classes: { prototype: object }[]): (given: unknown) => given is object {
  // Original methods: a spy on a method of the prototype turns it into user code.
  const originals = classes.map(({ prototype }) => ({
    prototype,
    methods: Object.getOwnPropertyDescriptors(prototype) as Record<string, PropertyDescriptor>,
  }))
  return (given): given is object => {
    if (typeof given !== 'object' || given === null || types.isProxy(given) || !isUnpatched(given))
      return false
    const found = originals.find(({ prototype }) => prototype === Object.getPrototypeOf(given))
    return (
      found !== undefined &&
      Object.entries(found.methods).every(([name, method]) => {
        return Object.getOwnPropertyDescriptor(found.prototype, name)?.value === method.value
      })
    )
  }
}
