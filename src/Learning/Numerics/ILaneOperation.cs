using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>An element-wise operation on two registers, the same for every lane.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface ILaneOperation<T> where T : unmanaged
{
    /// <summary>Computes the result of every lane.</summary>
    Vector<T> Run(Vector<T> a, Vector<T> b);
}
