using System.Reflection;

namespace EdgeAutonomy.Host;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    /// <summary>Gets the version with the commit it was built from, where the build knew it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
