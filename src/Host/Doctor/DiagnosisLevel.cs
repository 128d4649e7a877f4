namespace EdgeAutonomy.Host;

/// <summary>How a part of the machine stands.</summary>
internal enum DiagnosisLevel
{
    /// <summary>As it should be, or not needed.</summary>
    Ok,

    /// <summary>It runs, but hardly as meant.</summary>
    Warning,

    /// <summary>The program will not run as configured before it is mended.</summary>
    Error,
}
