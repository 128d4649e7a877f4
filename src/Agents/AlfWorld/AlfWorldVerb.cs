namespace EdgeAutonomy.Agents;

/// <summary>The verbs of ALFWorld's commands. The order is part of the feature vocabulary.</summary>
public enum AlfWorldVerb
{
    /// <summary><c>go to R</c>.</summary>
    GoTo,

    /// <summary><c>open R</c>.</summary>
    Open,

    /// <summary><c>close R</c>.</summary>
    Close,

    /// <summary><c>take O from R</c>.</summary>
    Take,

    /// <summary><c>move O to R</c>.</summary>
    Move,

    /// <summary><c>use O</c>.</summary>
    Use,

    /// <summary><c>heat O with R</c>.</summary>
    Heat,

    /// <summary><c>clean O with R</c>.</summary>
    Clean,

    /// <summary><c>cool O with R</c>.</summary>
    Cool,

    /// <summary><c>slice O with K</c>.</summary>
    Slice,

    /// <summary><c>examine X</c>.</summary>
    Examine,

    /// <summary><c>inventory</c>.</summary>
    Inventory,

    /// <summary><c>look</c>.</summary>
    Look,

    /// <summary><c>help</c>.</summary>
    Help,
}
