namespace EdgeAutonomy.Sensors;

/// <summary>Where the boundaries of time slices lie.</summary>
public enum SliceAlignment : byte
{
    /// <summary>The first slice begins at the first event.</summary>
    StreamStart = 0,

    /// <summary>Every boundary is a whole multiple of the period, so two sensors on one time line are cut alike.</summary>
    Absolute = 1,
}
