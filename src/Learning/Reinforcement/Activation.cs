namespace EdgeAutonomy.Learning;

/// <summary>What stands behind each hidden layer of a perceptron.</summary>
public enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>tanh x.</summary>
    Tanh,
}
