import { serveJobs } from '../../threads/job-port.ts'
import { jsonSchemaGrammar } from './json-schema.ts'

/** The thread that turns schemas into grammars. */
serveJobs<object, string>((_job, schema, tell) => tell(jsonSchemaGrammar(schema)))
