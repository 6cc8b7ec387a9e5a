import { join, relative } from 'node:path';
import { judge, measure, renderReportJson, renderTable, reportOf } from '../drill/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { readRecording, writeReport } from './recording.ts';

/** `firedrill report`: measures a recorded run again, as far as its timeline goes. */
export function reportCommand(directory: string, asJson: boolean): ExitCode {
  const { plan, expectations, events, brokenLine } = readRecording(directory);
  if (brokenLine !== undefined) {
    process.stderr.write(
      `${join(directory, 'timeline.jsonl')}:${brokenLine}: breaks off here; the report covers what comes before.\n`,
    );
  }
  const measures = measure(events, plan);
  const report = reportOf(plan, measures, judge(measures, expectations));
  writeReport(directory, report);
  if (asJson) process.stdout.write(renderReportJson(report));
  else
    process.stdout.write(
      `${renderTable(report)}\nThe whole story: ${relative(process.cwd(), join(directory, 'report.html'))}\n`,
    );
  return report.verdict.passed ? EXIT.asExpected : EXIT.verdictNo;
}
