-- "Using Raw SQL".
-- <specification>
-- Get all memories for a conversation
SELECT * FROM ai_receptionist_memory
WHERE session_metadata->>'conversationId' = 'conv_123'
ORDER BY timestamp ASC;

-- Get all call conversations
SELECT
  session_metadata->>'conversationId' as conversation_id,
  COUNT(*) as message_count,
  MIN(timestamp) as started_at,
  MAX(timestamp) as ended_at
FROM ai_receptionist_memory
WHERE channel = 'call'
GROUP BY session_metadata->>'conversationId'
ORDER BY started_at DESC;

-- Get all important decisions
SELECT content, timestamp, metadata
FROM ai_receptionist_memory
WHERE type = 'decision' AND importance >= 8
ORDER BY timestamp DESC;

-- Get all leads captured via phone calls
SELECT * FROM ai_receptionist_leads
WHERE source = 'call'
ORDER BY created_at DESC;

-- Call success rate
SELECT
  outcome,
  COUNT(*) as count
FROM ai_receptionist_call_logs
GROUP BY outcome;

-- Get customer preferences
SELECT
  content,
  metadata,
  timestamp
FROM ai_receptionist_memory
WHERE type = 'decision'
  AND content LIKE '%prefer%'
ORDER BY timestamp DESC;
-- </specification>
