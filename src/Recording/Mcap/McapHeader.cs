namespace EdgeAutonomy.Recording;

/// <summary>The first record of an MCAP file.</summary>
/// <param name="Profile">Rules that the file follows beyond the format, such as "ros2"; empty for none.</param>
/// <param name="Library">Name of the software that wrote the file.</param>
public sealed record McapHeader(string Profile, string Library);
