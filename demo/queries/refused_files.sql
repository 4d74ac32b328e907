select
    ds_arquivo as file,
    ds_motivo as reason,
    ds_detalhe as detail
from finlake_ops.ops_file_control
where ds_situacao = 'refused'
order by ds_arquivo
