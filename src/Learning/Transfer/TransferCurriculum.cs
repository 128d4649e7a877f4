namespace EdgeAutonomy.Learning;

/// <summary>How often a sample of a batch is an event recording instead of a rendered picture.</summary>
public enum TransferCurriculum
{
    /// <summary>Always: no pictures.</summary>
    EventsOnly,

    /// <summary>With a probability that rises to 1: P = ((b + e·B)/(E·B))^pow in batch b of epoch e.</summary>
    Rising,

    /// <summary>With one probability all the time, such that as many recordings are seen as in the rising one: 1/(pow + 1).</summary>
    Constant,

    /// <summary>Never: what pictures alone teach.</summary>
    PicturesOnly,
}
