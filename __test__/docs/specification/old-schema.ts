// A user's own old table, as the migration script reads it: messages are JSON, their times revived.
import { customType, pgTable, text } from 'drizzle-orm/pg-core'

interface OldMessage {
  role: string
  content: string
  timestamp: Date
  toolCall?: { id: string; name: string; parameters: object }
  toolResult?: { success: boolean }
}

const messages = customType<{ data: OldMessage[]; driverData: unknown }>({
  dataType: () => 'jsonb',
  fromDriver: (list) =>
    (list as OldMessage[]).map((message) => ({ ...message, timestamp: new Date(message.timestamp) })),
})

export const conversations = pgTable('ai_receptionist_conversations', {
  id: text('id').primaryKey(),
  channel: text('channel'),
  callSid: text('call_sid'),
  messageSid: text('message_sid'),
  status: text('status'),
  messages: messages('messages').notNull(),
})
