using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Host;

/// <summary>Looks at the board itself: processor, memory, vectors, clock frequency, heat, wall clock.</summary>
internal static class BoardCheck
{
    private const double LeastMemoryGiB = 0.5, HotCelsius = 80, TooHotCelsius = 95;

    /// <summary>Looks at all of it.</summary>
    public static IEnumerable<Diagnosis> Run(DoctorContext context)
    {
        var c = CultureInfo.InvariantCulture;
        var files = context.System;
        var machine = Machine.Describe();
        string model = files.Text("/proc/device-tree/model") is { Length: > 0 } tree ? $"{tree}, " : "";
        yield return Diagnosis.Ok("board:processor", string.Create(c, $"{model}{machine.Cpu}, {RuntimeInformation.ProcessArchitecture}, {machine.Cores} cores; {machine.Os}; {machine.Runtime}."));
        yield return RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
            ? Diagnosis.Ok("board:vectors", $"{string.Join(", ", Vectors())}; .NET computes with {machine.Simd}.")
            : Diagnosis.Warning("board:vectors", $"The processor is {RuntimeInformation.ProcessArchitecture}; only X64 and Arm64 are tested.", "Use a 64-bit system on the board.");
        yield return Memory(files);
        yield return Governor(files);
        yield return Heat(files);
        yield return Diagnosis.Ok("board:culture", AppContext.TryGetSwitch("System.Globalization.Invariant", out bool invariant) && invariant
            ? "Globalization is invariant: no ICU is needed."
            : $"Culture {(CultureInfo.CurrentCulture.Name is { Length: > 0 } name ? name : "invariant")}; files and results use the invariant one in any case.");
        yield return Time();
    }

    private static IEnumerable<string> Vectors()
    {
        (bool Has, string Name)[] all =
        [
            (Sse42.IsSupported, "SSE4.2"), (Avx.IsSupported, "AVX"), (Avx2.IsSupported, "AVX2"), (Fma.IsSupported, "FMA"), (Avx512F.IsSupported, "AVX-512F"), (Avx512BW.IsSupported, "AVX-512BW"),
            (AdvSimd.IsSupported, "AdvSimd"), (Dp.IsSupported, "DotProd"), (Crc32.IsSupported, "CRC32"),
        ];
        return all.Where(v => v.Has).Select(v => v.Name).DefaultIfEmpty("no vectors");
    }

    private static Diagnosis Memory(SystemFiles files)
    {
        double total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        double free = double.TryParse(files.Line("/proc/meminfo", "MemAvailable")?.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out double kib) ? kib / (1 << 20) : total;
        string text = string.Create(CultureInfo.InvariantCulture, $"{free:0.0} of {total:0.0} GiB of memory are free.");
        return free >= LeastMemoryGiB ? Diagnosis.Ok("board:memory", text) : Diagnosis.Warning("board:memory", $"{text} A robot with recorder and live page wants {LeastMemoryGiB.ToString(CultureInfo.InvariantCulture)} GiB.", "End other programs, or lower Recording:RingMiB.");
    }

    private static Diagnosis Governor(SystemFiles files)
    {
        string[] governors = [.. files.List("/sys/devices/system/cpu", "cpu[0-9]*").Concat(files.List("/sys/devices/system/cpu", "cpu*")).Distinct().Select(cpu => files.Text($"{cpu}/cpufreq/scaling_governor")).OfType<string>().Distinct().Order()];
        string all = string.Join(", ", governors);
        return governors switch
        {
            [] => Diagnosis.Ok("board:governor", "The system shows no clock frequency governor (a virtual machine, or a fixed frequency)."),
            ["performance"] => Diagnosis.Ok("board:governor", "The clock frequency governor is performance."),
            _ => Diagnosis.Warning("board:governor", $"The clock frequency governor is {all}; cores that clock up late wake loops late.", "Set it to performance: `sudo cpupower frequency-set -g performance` (Jetson: `sudo jetson_clocks`)."),
        };
    }

    private static Diagnosis Heat(SystemFiles files)
    {
        var zones = files.List("/sys/class/thermal", "thermal_zone*").Select(z => (Name: files.Text($"{z}/type") ?? Path.GetFileName(z), Celsius: files.Number($"{z}/temp") * 1e-3)).Where(z => z.Celsius is > -50 and < 200).ToArray();
        if (zones.Length == 0) return Diagnosis.Ok("board:heat", "The system shows no temperature.");
        var (name, celsius) = zones.MaxBy(z => z.Celsius);
        string text = string.Create(CultureInfo.InvariantCulture, $"The hottest of {zones.Length} thermal zones, {name}, has {celsius:0.0} °C.");
        return celsius switch
        {
            >= TooHotCelsius => Diagnosis.Error("board:heat", $"{text} Boards throttle or switch off from there.", "Let it cool down, then mend the fan or the heat sink."),
            >= HotCelsius => Diagnosis.Warning("board:heat", $"{text} Boards throttle soon.", "Check fan and heat sink."),
            _ => Diagnosis.Ok("board:heat", text),
        };
    }

    private static Diagnosis Time()
    {
        if (KernelClock.Read() is not { } clock) return Diagnosis.Ok("board:time", "The system does not say whether its wall clock is kept right.");
        var c = CultureInfo.InvariantCulture;
        return clock.IsSynchronised
            ? Diagnosis.Ok("board:time", string.Create(c, $"The wall clock is kept right: {clock.OffsetSeconds * 1e3:0.000} ms to correct, at most {clock.MaxErrorSeconds * 1e3:0.0} ms wrong."))
            : Diagnosis.Warning("board:time", "Nothing keeps the wall clock right; robots do not rely on it, people who compare their recordings do.", "Switch it on: `sudo timedatectl set-ntp true`, or install chrony.");
    }
}
