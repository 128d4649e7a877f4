namespace EdgeAutonomy.Learning;

/// <summary>How the outputs over the steps become one score per sample and output.</summary>
public enum Decision
{
    /// <summary>The mean over the steps.</summary>
    Mean,

    /// <summary>The sum over the steps of the softmax over the outputs (DCLS); only for classes.</summary>
    SumOfSoftmax,

    /// <summary>The last step.</summary>
    Last,
}
