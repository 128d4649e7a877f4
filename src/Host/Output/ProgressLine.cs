using System.Diagnostics;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>One line on standard error that grows while long work runs, and is gone when it ends.</summary>
/// <remarks>On a screen it is redrawn in place, at most ten times a second; in a file or pipe one plain line is written every five seconds.</remarks>
public sealed class ProgressLine : IDisposable
{
    private const int Cells = 24;

    private readonly Terminal _terminal;
    private readonly string _what;
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _next;
    private int _drawn;

    /// <summary>Makes a line that shows nothing yet.</summary>
    /// <param name="terminal">Where it is drawn.</param>
    /// <param name="what">What goes on, such as "episodes".</param>
    public ProgressLine(Terminal terminal, string what)
    {
        _terminal = terminal;
        _what = what;
        // Short work shows nothing at all.
        _next = terminal.ErrorIsScreen ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromSeconds(5);
    }

    /// <summary>Tells how far the work is. Cheap enough to be called often.</summary>
    /// <param name="done">What is done.</param>
    /// <param name="total">All there is; 0 when nobody knows.</param>
    public void Report(long done, long total)
    {
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (elapsed < _next) return;
        _next = elapsed + (_terminal.ErrorIsScreen ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(5));
        Show(Text(_what, done, total, elapsed, bar: _terminal.ErrorIsScreen));
    }

    /// <summary>Tells how far work is that has no natural unit. Cheap enough to be called often.</summary>
    /// <param name="share">What is done, 0 … 1.</param>
    /// <param name="now">What is being done.</param>
    public void Report(double share, string now)
    {
        var elapsed = Stopwatch.GetElapsedTime(_start);
        if (elapsed < _next) return;
        _next = elapsed + (_terminal.ErrorIsScreen ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromSeconds(5));
        share = Math.Clamp(share, 0, 1);
        Show(string.Create(CultureInfo.InvariantCulture, $"{Bar(share, _terminal.ErrorIsScreen)}{_what} {share * 100:0} %, {elapsed.TotalSeconds:0} s{Left(share, elapsed)}: {now}"));
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_drawn > 0) Draw("");
    }

    /// <summary>Returns the line's text.</summary>
    internal static string Text(string what, long done, long total, TimeSpan elapsed, bool bar)
    {
        var c = CultureInfo.InvariantCulture;
        if (total <= 0) return string.Create(c, $"{done:N0} {what}, {elapsed.TotalSeconds:0} s");
        double share = Math.Clamp((double)done / total, 0, 1);
        return string.Create(c, $"{Bar(share, bar)}{done:N0} of {total:N0} {what}, {elapsed.TotalSeconds:0} s{Left(share, elapsed)}");
    }

    private static string Bar(double share, bool wanted)
    {
        int full = (int)(share * Cells);
        return wanted ? $"[{new string('=', full)}{new string(' ', Cells - full)}] " : "";
    }

    private static string Left(double share, TimeSpan elapsed) =>
        share > 0.02 ? string.Create(CultureInfo.InvariantCulture, $", {elapsed.TotalSeconds * (1 - share) / share:0} s left") : "";

    private void Show(string text)
    {
        if (_terminal.ErrorIsScreen) Draw(text);
        else _terminal.Error.WriteLine(text);
    }

    private void Draw(string text)
    {
        // Blanks over what was longer; no escape codes, so that every terminal can do it.
        _terminal.Error.Write('\r' + text.PadRight(_drawn) + (text.Length == 0 ? "\r" : ""));
        _terminal.Error.Flush();
        _drawn = text.Length;
    }
}
