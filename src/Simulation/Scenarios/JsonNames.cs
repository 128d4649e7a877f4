namespace EdgeAutonomy.Simulation;

/// <summary>How enumeration values are spelled in scenario files: lower case.</summary>
internal static class JsonNames
{
    public static string Of<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
