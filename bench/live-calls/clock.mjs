/** Returns the time in milliseconds since 1970, the same in all processes of a machine. */
export const clock = () => performance.timeOrigin + performance.now()
