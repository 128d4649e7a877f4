namespace EdgeAutonomy.Recording;

/// <summary>What a recorder has to tell about its file.</summary>
/// <param name="Stopped">Whether it records no longer; false = it records (again).</param>
/// <param name="Text">One sentence: what, where, why, what follows.</param>
public readonly record struct RecordingFault(bool Stopped, string Text);
