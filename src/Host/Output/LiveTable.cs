using System.Diagnostics;
using Spectre.Console;

namespace EdgeAutonomy.Host;

/// <summary>A table that is redrawn while something runs: in place on a screen, as a plain table every five seconds elsewhere.</summary>
public static class LiveTable
{
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work and shows what it reports.</summary>
    /// <param name="terminal">Where the table is drawn (standard error).</param>
    /// <param name="work">Gets the function to report with; call it as often as there is news worth drawing.</param>
    public static void Run(Terminal terminal, Action<Action<TableView>> work)
    {
        if (terminal.ErrorIsScreen)
        {
            terminal.ErrorScreen().Live(new Table()).AutoClear(true).Start(live => work(view => live.UpdateTarget(TableWriter.Draw(view))));
            return;
        }
        long last = Stopwatch.GetTimestamp();
        work(view =>
        {
            if (Stopwatch.GetElapsedTime(last) < PlainEvery) return;
            last = Stopwatch.GetTimestamp();
            terminal.Error.Write(TableWriter.Text(view));
        });
    }
}
