namespace EdgeAutonomy.Host;

/// <summary>A section whose content belongs to somebody else and is not checked here.</summary>
public sealed class FreeSection;
