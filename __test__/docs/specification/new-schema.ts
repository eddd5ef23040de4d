export { memory } from '@loctelli/ai-receptionist/schema'
