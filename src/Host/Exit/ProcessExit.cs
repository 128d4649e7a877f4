using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Host;

/// <summary>Ends the process from a thread that cannot return through Main.</summary>
internal static class ProcessExit
{
    /// <summary>Ends the process at once.</summary>
    /// <remarks>For the watchdog only: the loop thread hangs, so nobody is left to return the code. Finalisers and handlers still run.</remarks>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "The hung loop thread cannot return an exit code through Main.")]
    public static void Now(ExitCode code) => Environment.Exit((int)code);
}
