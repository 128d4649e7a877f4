namespace EdgeAutonomy.Runtime;

/// <summary>What an <see cref="OnnxAttribute"/> holds; the values are those of AttributeProto.AttributeType.</summary>
public enum OnnxAttributeKind
{
    /// <summary>Something that is not kept: a graph, a sparse tensor, lists of them.</summary>
    Other = 0,

    /// <summary>One number of 32 bits.</summary>
    Number = 1,

    /// <summary>One whole number.</summary>
    Whole = 2,

    /// <summary>A text.</summary>
    Text = 3,

    /// <summary>A tensor.</summary>
    Tensor = 4,

    /// <summary>Numbers of 32 bits.</summary>
    Numbers = 6,

    /// <summary>Whole numbers.</summary>
    Wholes = 7,

    /// <summary>Texts.</summary>
    Texts = 8,
}
