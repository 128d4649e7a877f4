namespace EdgeAutonomy.Learning;

/// <summary>What a pool makes of a window.</summary>
public enum PoolKind
{
    /// <summary>The mean, zeros of the padding included, as in NIR.</summary>
    Average,

    /// <summary>The largest; of spikes: whether there is any. Where several are largest the first takes the gradient.</summary>
    Max,

    /// <summary>The sum.</summary>
    Sum,
}
