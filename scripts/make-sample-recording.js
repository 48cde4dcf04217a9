// Makes the recording that ships, src/local/sample-recording.gz, anew from what the simulator's jobs say. Run it from the
// root of the project when a test says that the file is out of date: node scripts/make-sample-recording.js
import { writeFileSync } from 'node:fs';
import { encodeRecording } from '../src/adapters/dynamodb-recording-item.ts';
import { makeSampleRecording } from '../src/local/sample-recording-source.ts';

const recording = makeSampleRecording();
const content = await encodeRecording(recording);
writeFileSync('src/local/sample-recording.gz', content);
process.stdout.write(`${recording.lines.length} of ${recording.linesTotal} lines, ${content.length} bytes\n`);
