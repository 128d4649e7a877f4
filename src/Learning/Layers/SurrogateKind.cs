namespace EdgeAutonomy.Learning;

/// <summary>What stands in for the derivative of a spike in the backward pass.</summary>
public enum SurrogateKind
{
    /// <summary>(α/2) / (1 + (π/2·α·x)²); default α = 2, DCLS uses 5.</summary>
    ATan,

    /// <summary>γ·max(0, 1 − |x|/width) with γ = 0.3 (Bellec et al. 2018); the slope is 1/width, default 1.</summary>
    Triangle,

    /// <summary>α·σ(αx)·(1 − σ(αx)); default α = 4.</summary>
    Sigmoid,

    /// <summary>1 / (1 + k·|x|)²; default k = 25.</summary>
    FastSigmoid,

    /// <summary>α − α²·|x| for |x| ≤ 1/α; default α = 1.</summary>
    PiecewiseQuadratic,
}
