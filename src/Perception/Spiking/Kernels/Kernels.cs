using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>The kernels of one vector width. All widths give the same bits.</summary>
internal sealed unsafe class Kernels
{
    private static readonly Kernels Scalar = Make<WidthScalar, float>(SimdLevel.Scalar);
    private static readonly Kernels V128 = Make<Width128, Vector128<float>>(SimdLevel.V128);
    private static readonly Kernels V256 = Make<Width256, Vector256<float>>(SimdLevel.V256);
    private static readonly Kernels V512 = Make<Width512, Vector512<float>>(SimdLevel.V512);

    private Kernels(SimdLevel level) => Level = level;

    internal SimdLevel Level { get; }

    /// <summary>accumulators, rows, list, count, stride, width, values (unused).</summary>
    internal delegate*<float*, float*, int*, int, nint, int, float*, void> AddRows { get; private init; }

    /// <summary>accumulators, rows, list, count, stride, width, values.</summary>
    internal delegate*<float*, float*, int*, int, nint, int, float*, void> AddScaledRows { get; private init; }

    /// <summary>accumulators, rows, inputs, stride, width, values.</summary>
    internal delegate*<float*, float*, int, nint, int, float*, void> AddAllRows { get; private init; }

    internal delegate*<ConvArguments*, float*, int*, int, float*, long> Conv { get; private init; }

    internal delegate*<ConvArguments*, float*, int*, int, float*, long> ScaledConv { get; private init; }

    internal delegate*<BandedArguments*, float*, int*, int, float*, long> BandedConv { get; private init; }

    internal delegate*<BandedArguments*, float*, int*, int, float*, long> ScaledBandedConv { get; private init; }

    internal delegate*<ConvArguments*, float*, void> DenseConv { get; private init; }

    /// <summary>accumulators, rows, delays, history, live inputs, count, width, whether delays go beyond 31.</summary>
    internal delegate*<float*, float*, byte*, ulong*, int*, int, int, bool, void> AddDelayedRows { get; private init; }

    private delegate*<FireModel, FireReset, FireOutput, delegate*<FireArguments*, void>> Choose { get; init; }

    /// <summary>Gives the kernels of a width; of the widest that this machine has when it lacks that one.</summary>
    internal static Kernels For(SimdLevel level) => level switch
    {
        SimdLevel.Scalar => Scalar,
        SimdLevel.V128 when Vector128.IsHardwareAccelerated => V128,
        SimdLevel.V256 when Vector256.IsHardwareAccelerated => V256,
        SimdLevel.V512 when Vector512.IsHardwareAccelerated => V512,
        _ => Vector512.IsHardwareAccelerated ? V512 : Vector256.IsHardwareAccelerated ? V256 : Vector128.IsHardwareAccelerated ? V128 : Scalar,
    };

    internal delegate*<FireArguments*, void> Fire(FireModel model, FireReset reset, FireOutput output) => Choose(model, reset, output);

    private static Kernels Make<W, V>(SimdLevel level)
        where W : IWidth<V>
        where V : unmanaged => new(level)
        {
            AddRows = &RowKernel<W, V, No>.Add,
            AddScaledRows = &RowKernel<W, V, Yes>.Add,
            AddAllRows = &RowKernel<W, V, Yes>.AddAll,
            Conv = &ConvKernel<W, V, No>.Add,
            ScaledConv = &ConvKernel<W, V, Yes>.Add,
            BandedConv = &BandedKernel<W, V, No>.Add,
            ScaledBandedConv = &BandedKernel<W, V, Yes>.Add,
            DenseConv = &DenseConvKernel<W, V>.Add,
            AddDelayedRows = level switch
            {
                SimdLevel.V512 => &HistoryKernel.Add512,
                SimdLevel.V256 => &HistoryKernel.Add256,
                SimdLevel.V128 => &HistoryKernel.Add128,
                _ => &HistoryKernel.AddScalar,
            },
            Choose = &FireKernel.Choose<W, V>,
        };
}
