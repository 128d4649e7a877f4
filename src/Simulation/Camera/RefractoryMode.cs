namespace EdgeAutonomy.Simulation;

/// <summary>What a pixel does with a change that falls into its refractory period. All are equal when the period is 0.</summary>
public enum RefractoryMode : byte
{
    /// <summary>Physical: the pixel is blind until the period ends, then memorises the signal of that moment.</summary>
    HoldReset = 0,

    /// <summary>ESIM: a suppressed event still moves the reference.</summary>
    EsimDrop = 1,

    /// <summary>v2e: a suppressed event does not move the reference, so it comes later.</summary>
    V2eKeep = 2,
}
