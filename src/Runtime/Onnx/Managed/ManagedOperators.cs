using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Runtime;

/// <summary>The operators that the managed engine knows.</summary>
internal static class ManagedOperators
{
    private static readonly Dictionary<string, Action<OperatorContext>> All = new(StringComparer.Ordinal)
    {
        ["Gemm"] = DenseOperators.Gemm,
        ["MatMul"] = DenseOperators.MatMul,
        ["Conv"] = ConvolutionOperators.Conv,
        ["MaxPool"] = ConvolutionOperators.MaxPool,
        ["AveragePool"] = ConvolutionOperators.AveragePool,
        ["GlobalAveragePool"] = ConvolutionOperators.GlobalAveragePool,
        ["BatchNormalization"] = NormalizationOperators.BatchNormalization,
        ["LayerNormalization"] = NormalizationOperators.LayerNormalization,
        ["Softmax"] = NormalizationOperators.Softmax,
        ["GRU"] = GruOperator.Gru,
        ["Add"] = c => ElementOperators.Binary<ElementFunctions.Add>(c),
        ["Sub"] = c => ElementOperators.Binary<ElementFunctions.Sub>(c),
        ["Mul"] = c => ElementOperators.Binary<ElementFunctions.Mul>(c),
        ["Div"] = c => ElementOperators.Binary<ElementFunctions.Div>(c),
        ["Max"] = c => ElementOperators.Binary<ElementFunctions.Max>(c),
        ["Min"] = c => ElementOperators.Binary<ElementFunctions.Min>(c),
        ["Greater"] = c => ElementOperators.Binary<ElementFunctions.Greater>(c, OnnxElement.Bool),
        ["GreaterOrEqual"] = c => ElementOperators.Binary<ElementFunctions.GreaterOrEqual>(c, OnnxElement.Bool),
        ["Less"] = c => ElementOperators.Binary<ElementFunctions.Less>(c, OnnxElement.Bool),
        ["LessOrEqual"] = c => ElementOperators.Binary<ElementFunctions.LessOrEqual>(c, OnnxElement.Bool),
        ["Relu"] = c => ElementOperators.Unary(c, new ElementFunctions.Relu()),
        ["LeakyRelu"] = c => ElementOperators.Unary(c, new ElementFunctions.LeakyRelu(c.Number("alpha", 0.01f))),
        ["Elu"] = c => ElementOperators.Unary(c, new ElementFunctions.Elu(c.Number("alpha", 1))),
        ["Tanh"] = c => ElementOperators.Unary(c, new ElementFunctions.Tanh()),
        ["Sigmoid"] = c => ElementOperators.Unary(c, new ElementFunctions.Sigmoid()),
        ["HardSigmoid"] = c => ElementOperators.Unary(c, new ElementFunctions.HardSigmoid(c.Number("alpha", 0.2f), c.Number("beta", 0.5f))),
        ["Exp"] = c => ElementOperators.Unary(c, new ElementFunctions.Exp()),
        ["Neg"] = c => ElementOperators.Unary(c, new ElementFunctions.Neg()),
        ["Abs"] = c => ElementOperators.Unary(c, new ElementFunctions.Abs()),
        ["Clip"] = ElementOperators.Clip,
        ["Identity"] = ShapeOperators.Identity,
        ["Dropout"] = ShapeOperators.Dropout,
        ["Cast"] = ShapeOperators.Cast,
        ["Constant"] = ShapeOperators.Constant,
        ["Reshape"] = ShapeOperators.Reshape,
        ["Flatten"] = ShapeOperators.Flatten,
        ["Squeeze"] = ShapeOperators.Squeeze,
        ["Unsqueeze"] = ShapeOperators.Unsqueeze,
        ["Transpose"] = ShapeOperators.Transpose,
        ["Concat"] = ShapeOperators.Concat,
    };

    /// <summary>Gets the names.</summary>
    public static IEnumerable<string> Names => All.Keys;

    public static bool TryFind(string op, [NotNullWhen(true)] out Action<OperatorContext>? compile) => All.TryGetValue(op, out compile);
}
