using System.Globalization;

namespace EdgeAutonomy.Runtime;

/// <summary>The energy of one cycle, in microjoule, by where it went.</summary>
/// <param name="SenseMicrojoule">What sensing took.</param>
/// <param name="ComputeMicrojoule">What computing took, idle share included.</param>
/// <param name="ActuateMicrojoule">What actuating took.</param>
/// <remarks>Recorded with the cycle, but outside replay equality: a meter may read the machine.</remarks>
public readonly record struct Energy(float SenseMicrojoule, float ComputeMicrojoule, float ActuateMicrojoule)
{
    /// <summary>Gets the sum of the three.</summary>
    public float TotalMicrojoule => SenseMicrojoule + ComputeMicrojoule + ActuateMicrojoule;

    /// <summary>Adds two energies part by part.</summary>
    public static Energy operator +(Energy a, Energy b) => new(
        a.SenseMicrojoule + b.SenseMicrojoule, a.ComputeMicrojoule + b.ComputeMicrojoule, a.ActuateMicrojoule + b.ActuateMicrojoule);

    /// <summary>Returns the parts in microjoule.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"sense {SenseMicrojoule:0.###} uJ, compute {ComputeMicrojoule:0.###} uJ, actuate {ActuateMicrojoule:0.###} uJ");
}
