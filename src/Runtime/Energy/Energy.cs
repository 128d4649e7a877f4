namespace EdgeAutonomy.Runtime;

/// <summary>Energy of one cycle in microjoule.</summary>
/// <param name="SenseMicrojoule">Spent on sensing.</param>
/// <param name="ComputeMicrojoule">Spent on computing.</param>
/// <param name="ActuateMicrojoule">Spent on acting.</param>
public readonly record struct Energy(float SenseMicrojoule, float ComputeMicrojoule, float ActuateMicrojoule)
{
    /// <summary>Gets the sum in microjoule.</summary>
    public float TotalMicrojoule => SenseMicrojoule + ComputeMicrojoule + ActuateMicrojoule;
}
