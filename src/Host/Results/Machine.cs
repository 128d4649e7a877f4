using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Host;

/// <summary>The machine a figure was measured on.</summary>
/// <param name="Cpu">The processor's name.</param>
/// <param name="Cores">Logical processors this process may use.</param>
/// <param name="Os">Operating system and kernel.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="Simd">The widest vectors in use.</param>
public sealed record Machine(string Cpu, int Cores, string Os, string Runtime, string Simd)
{
    /// <summary>Describes the machine this process runs on.</summary>
    public static Machine Describe() => new(
        CpuName("/proc/cpuinfo"),
        Environment.ProcessorCount,
        RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription,
        Vector512.IsHardwareAccelerated ? "512 bit" : Vector256.IsHardwareAccelerated ? "256 bit" : Vector128.IsHardwareAccelerated ? "128 bit" : "none");

    private static string CpuName(string path)
    {
        if (File.Exists(path))
        {
            foreach (string line in File.ReadLines(path))
            {
                // x86 says "model name"; many ARM boards say "Model" or "Hardware" at the end instead.
                if (line.StartsWith("model name", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Model", StringComparison.Ordinal))
                    return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
        }
        return RuntimeInformation.ProcessArchitecture.ToString();
    }
}
