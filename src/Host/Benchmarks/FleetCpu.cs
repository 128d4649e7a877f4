using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>What processes used of the processor, as Linux tells it.</summary>
internal static class FleetCpu
{
    // USER_HZ of every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Returns the seconds that a process has computed so far; NaN where that is not told.</summary>
    public static double Seconds(int process)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat");
        if (!File.Exists(file)) return double.NaN;
        string text = File.ReadAllText(file);
        // The name in parentheses may have blanks; user and system time are the 12th and 13th field behind it.
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    /// <summary>Returns the load of the last minute; NaN where that is not told.</summary>
    public static double Load() => File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : double.NaN;
}
