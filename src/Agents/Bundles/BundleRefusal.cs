namespace EdgeAutonomy.Agents;

/// <summary>Why a bundle is not loaded.</summary>
public enum BundleRefusal
{
    /// <summary>There is no such bundle, or its manifest cannot be read.</summary>
    Missing,

    /// <summary>The manifest is not what the schema says.</summary>
    Malformed,

    /// <summary>The manifest is of a newer schema.</summary>
    NewerSchema,

    /// <summary>The manifest's hash is not the one it is stored under.</summary>
    WrongId,

    /// <summary>The signature does not fit, or its key is not trusted.</summary>
    Signature,

    /// <summary>A path leads out of the bundle.</summary>
    Path,

    /// <summary>A file is absent, of another length or of another hash.</summary>
    File,

    /// <summary>The running world model has other actions.</summary>
    Vocabulary,

    /// <summary>The running world model describes itself otherwise.</summary>
    Observation,

    /// <summary>The running domain is another.</summary>
    Domain,

    /// <summary>A weight is not a finite number, or weights cannot be read.</summary>
    Weights,

    /// <summary>The golden input does not give the golden output.</summary>
    SelfTest,

    /// <summary>It was rolled back from and stands on the deny list.</summary>
    Denied,
}
